import type { Command } from 'commander';
import { canonicalUrl } from '@throughline/core';
import { siteStore, type KnownArticle, type SiteStore } from '@throughline/db';
import type { Context } from '@throughline/pipeline';
import { CommandError } from '../command-error.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';

export function lookupCommand(root: Command, terminal: Terminal): void {
  root
    .command('lookup')
    .description('what is known of an article, and which events cite it, by any spelling of its URL')
    .argument('<url>', 'an http or https URL')
    .option('--json', 'as one line of JSON')
    .action(async (given: string, { json = false }: { json?: boolean }) => {
      const url = canonicalUrl(given.trim());
      if (url === undefined) throw new CommandError(`${JSON.stringify(given)} is no http or https URL`);
      await withContext(terminal, async ({ articles }, { station }) => {
        const article = await articles.find(url);
        if (!article) throw new CommandError(`no event cites ${url}`);
        const events = await citing(articles, url, siteStore(station.db));
        terminal.out(json ? `${JSON.stringify({ url, ...article, events })}\n` : written(article, events));
      });
    });
}

type Cites = { id: string; day: string; text: string }[];

async function citing(articles: Context['articles'], url: string, site: SiteStore): Promise<Cites> {
  const pages = await Promise.all((await articles.citing(url)).map((id) => site.page(id)));
  return pages.flatMap((page) => (page ? [{ id: page.id, day: page.day, text: page.text }] : []));
}

function written(article: KnownArticle, events: Cites): string {
  const lines = [
    `article ${article.id}: ${article.state}${article.reason === null ? '' : ` (${article.reason})`}`,
    ...(article.title === null ? [] : [`  title     ${article.title}`]),
    `  cited     ${[...new Set([article.citedUrl, ...article.citedAs, ...article.merged])].join('\n            ')}`,
    `  known as  ${article.urls.join('\n            ')}`,
    ...(article.movedTo === null ? [] : [`  moved to  ${article.movedTo}`]),
    ...(article.archivedUrl === null ? [] : [`  copy      ${article.archivedUrl}`]),
    ...events.map(({ id, day, text }) => `  event     ${day} ${id} ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}
