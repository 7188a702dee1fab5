import type { Context } from '@throughline/pipeline';
import type { Config } from '@throughline/runtime';

/** Has those told of changes whom the settings name: a webhook, a WebSub hub. */
export async function ensureSubscribers(
  { subscriptions }: Pick<Context, 'subscriptions'>,
  { webhookUrl, webhookSecret, hub, publicUrl }: Config,
): Promise<void> {
  if (webhookUrl !== undefined) await subscriptions.ensure(webhookUrl, webhookSecret ?? '');
  const origin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  await subscriptions.ensureHub(hub === undefined || origin === undefined ? undefined : { url: hub, origin });
}
