import { absolute, feeds, type Site } from '@throughline/publish';

/** `/llms.txt`: where a language model finds what (llmstxt.org). */
export function llmsText(site: Site): string {
  const link = (path: string, label: string, about: string): string =>
    `- [${label}](${absolute(site, path)}): ${about}`;
  return `# ${site.name}

> A record of the world's news since 1999: events of one sentence each, as editors of Wikipedia's Current Events Portal wrote them, with the articles they cite, what they are about, and the events they belong with, each with the reason.

Every page has a Markdown form: take \`.md\` in place of \`.html\`. The portal's text is CC BY-SA 4.0; each page says whom it is owed to. Cite an event by its permanent address, ${absolute(site, '/events/<id>')}.

## Reading

${link('/index.md', 'The last three days', 'the newest events')}
${link('/news/2017/01/30/index.md', 'A day', '/news/YYYY/MM/D/index.md')}
${feeds.map(({ path, label }) => link(path, label, 'the newest events as a feed')).join('\n')}

## Asking

${link('/v1/openapi.json', 'API', 'OpenAPI 3.1: events, days, stories, entities, sources, relations, search, lookup by URL, related, changes')}
${link('/mcp', 'MCP server', 'Model Context Protocol over HTTP: search_events, get_event, get_story, related, lookup_url, changes')}
${link('/v1/changes', 'Changes', 'everything that has changed, in order; also as server-sent events')}
`;
}
