import axios from 'axios';

/**
 * Who is asking, as Wikimedia's user-agent policy wants it:
 * `<client>/<version> (<operator's contact>) <library>/<version>`. Throws
 * without a contact: requests that do not say whom to write to are refused at
 * the edge or share one tiny allowance, and the contact has to be the
 * operator's own, or all installations would share one counter.
 */
export function wikimediaUserAgent({ contact, version }: { contact: string | undefined; version: string }): string {
  const whom = contact?.trim() ?? '';
  if (whom === '') {
    throw new Error(
      'live reading needs THROUGHLINE_CONTACT: an e-mail address or URL of whoever runs this installation. ' +
        'Wikipedia asks every program to say whom to write to, and turns away those that do not.',
    );
  }
  if (/[()\r\n]/.test(whom))
    throw new Error(`THROUGHLINE_CONTACT may not hold parentheses or line breaks: ${JSON.stringify(whom)}`);
  return `Throughline/${version} (${whom}) axios/${axios.VERSION}`;
}
