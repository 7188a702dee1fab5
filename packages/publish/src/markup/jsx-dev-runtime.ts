// What development builds import in place of `jsx-runtime`.
export { Fragment, jsxDEV, type JSX } from './jsx-runtime.ts';
