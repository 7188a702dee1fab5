import { randomBytes } from 'node:crypto';
import { parseHttpUrl } from '@throughline/core';
import type { SubscriptionStore } from '@throughline/db';

/** A new subscription with the secret that its calls are signed with, or a sentence that says why there is none. */
export type Subscribed = { ok: true; id: number; url: string; secret: string } | { ok: false; problem: string };

const SECRET_BYTES = 32;

/** Subscribes a URL to the changes after one, from now on unless given. Standard Webhooks: a secret of 24 to 64 bytes. */
export async function subscribe(
  { url, secret = newSecret(), after }: { url: string; secret?: string | undefined; after?: number | undefined },
  { subscriptions }: { subscriptions: Pick<SubscriptionStore, 'add'> },
): Promise<Subscribed> {
  const parsed = parseHttpUrl(url);
  if (!parsed) return { ok: false, problem: `${JSON.stringify(url.slice(0, 200))} is no http or https URL` };
  if (parsed.username || parsed.password) return { ok: false, problem: 'the URL carries a user name or password' };
  if (!isSecret(secret)) return { ok: false, problem: 'the secret is not `whsec_` and the base64 of 24 to 64 bytes' };
  const id = await subscriptions.add(parsed.href, secret, after);
  return id === undefined
    ? { ok: false, problem: `${parsed.href} is subscribed already` }
    : { ok: true, id, url: parsed.href, secret };
}

const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

function isSecret(secret: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const bytes = base64 === undefined ? 0 : Buffer.from(base64, 'base64').length;
  return bytes >= 24 && bytes <= 64;
}
