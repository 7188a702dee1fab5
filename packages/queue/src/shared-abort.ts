import { setMaxListeners } from 'node:events';

/** A controller whose signal every running job listens to: Node takes more than ten for a leak, and says so to the person at the terminal. */
export function sharedAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
