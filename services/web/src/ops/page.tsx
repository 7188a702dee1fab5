/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx';
import type { HtmlEscapedString } from 'hono/utils/html';
import { renderPage, type Site } from '@throughline/publish';
import type { Asker } from './operator.ts';
import { OPS_STYLE } from './style.ts';

/** The views, in the order of the navigation. */
export const VIEWS = [
  ['/ops', 'Health'],
  ['/ops/days', 'Days'],
  ['/ops/failures', 'Failures'],
  ['/ops/hosts', 'Hosts'],
  ['/ops/queues', 'Queues'],
  ['/ops/workers', 'Workers'],
  ['/ops/runs', 'Runs'],
  ['/ops/schedules', 'Schedules'],
  ['/ops/sources', 'Sources'],
  ['/ops/webhooks', 'Webhooks'],
  ['/ops/extraction', 'Extraction'],
  ['/ops/audit', 'Audit'],
] as const;

export interface OpsPage {
  path: string;
  title: string;
  asker: Asker;
  /** What an action just did. */
  said?: string | undefined;
  /** Whether its content is renewed while it is looked at. */
  live?: boolean;
  /** The part that is renewed. */
  content: HtmlEscapedString;
}

/** A whole page of the dashboard as text. */
export const renderOps = (site: Site, page: OpsPage): string =>
  renderPage({
    site,
    title: `${page.title} – operation`,
    unlisted: true,
    style: OPS_STYLE,
    children: <Body {...page} />,
  });

function Body({ path, title, asker, said, live = false, content }: OpsPage): Child {
  return (
    <div class="ops">
      <nav class="views" aria-label="Operation">
        {VIEWS.map(([href, name]) => (
          <a href={href} {...(isWithin(path, href) && { 'aria-current': 'page' })}>
            {name}
          </a>
        ))}
        <Who asker={asker} />
      </nav>
      <h1>{title}</h1>
      {said !== undefined && (
        <p class="said" role="status">
          {said}
        </p>
      )}
      {live && (
        <p id="cut" class="cut" role="alert" hidden>
          Not live: the server does not answer, and is asked again. What follows may be out of date.
        </p>
      )}
      <div id="live" {...(live && { 'data-live': path })}>
        {content}
      </div>
      {live && <script type="module" src="/ops/live.js"></script>}
    </div>
  );
}

const isWithin = (path: string, view: string): boolean =>
  view === '/ops' ? path === '/ops' : path === view || path.startsWith(`${view}/`) || path.startsWith(`${view}?`);

function Who({ asker }: { asker: Asker }): Child {
  if (!asker.mayAct) return <a href="/ops/sign-in">Sign in to act</a>;
  return (
    <form method="post" action="/ops/sign-out">
      <button type="submit">Sign out {asker.name}</button>
    </form>
  );
}

/** A button that does something: a form of its own, so that it works without script. */
export function Do({
  action,
  fields = {},
  grave = false,
  children,
}: {
  action: string;
  fields?: Record<string, string>;
  grave?: boolean;
  children?: Child;
}): Child {
  return (
    <form method="post" action={action}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" {...(grave && { class: 'grave' })}>
        {children}
      </button>
    </form>
  );
}
