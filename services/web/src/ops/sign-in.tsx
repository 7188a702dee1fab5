/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { renderPage, type Site } from '@throughline/publish';
import { OPS_STYLE } from './style.ts';

/** The page on which an operator shows the token. */
export const renderSignIn = (site: Site, { isOpen, failed }: { isOpen: boolean; failed: boolean }): string =>
  renderPage({
    site,
    title: 'Sign in – operation',
    unlisted: true,
    style: OPS_STYLE,
    children: (
      <div class="ops">
        <h1>Sign in</h1>
        {isOpen ? (
          <form class="filter" method="post" action="/ops/sign-in">
            <label>
              Operator token
              <input type="password" name="token" autocomplete="current-password" required />
            </label>
            <button type="submit">Sign in</button>
          </form>
        ) : (
          <p class="sub">
            Nobody can act here yet: set <code>THROUGHLINE_OPERATOR_TOKEN</code> to a text of 16 characters or more, and
            start again.
          </p>
        )}
        {failed && <p role="alert">That token is not the one set here.</p>}
      </div>
    ),
  });
