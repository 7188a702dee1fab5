import { EXTENSIONS, type Extension } from '@throughline/publish';

/** What clients call each; the first is what a wildcard stands for. */
const MEDIA_TYPES: Record<Extension, readonly string[]> = {
  html: ['text/html', 'application/xhtml+xml'],
  md: ['text/markdown', 'text/x-markdown'],
  json: ['application/json', 'application/problem+json', 'application/ld+json', 'text/json'],
  xml: ['application/xml', 'text/xml', 'application/problem+xml'],
};

/** A header's entries (`Accept`, `Accept-Encoding`) with their weights, 0..1. */
export function weights(header: string): Map<string, number> {
  const entries = header.split(',').map((entry): [string, number] => {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const q = weight === undefined ? 1 : Number(weight);
    return [name, q >= 0 && q <= 1 ? q : 0];
  });
  return new Map(entries.filter(([name]) => name !== ''));
}

/** The format that an `Accept` header asks for; HTML where it asks for none of ours or does not care. */
export function preferredFormat(accept: string | undefined): Extension {
  if (!accept) return 'html';
  const asked = weights(accept);
  const weightOf = ([main = '', ...others]: readonly string[]): number => {
    const named = [main, ...others].map((type) => asked.get(type)).filter((weight) => weight !== undefined);
    return named.length > 0 ? Math.max(...named) : (asked.get(`${main.split('/')[0]}/*`) ?? asked.get('*/*') ?? 0);
  };
  const ranked = EXTENSIONS.map((ext) => ({ ext, weight: weightOf(MEDIA_TYPES[ext]) }));
  return ranked.reduce((best, next) => (next.weight > best.weight ? next : best)).ext;
}

export type Encoding = 'br' | 'gzip';

/** The best encoding that both sides have, or undefined for none. */
export function preferredEncoding(acceptEncoding: string | undefined): Encoding | undefined {
  if (!acceptEncoding) return undefined;
  const asked = weights(acceptEncoding);
  const weightOf = (name: string): number => asked.get(name) ?? asked.get('*') ?? 0;
  if (weightOf('br') > 0 && weightOf('br') >= weightOf('gzip')) return 'br';
  return weightOf('gzip') > 0 ? 'gzip' : undefined;
}
