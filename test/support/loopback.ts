import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP server on loopback that plays someone else's. */
export interface Loopback extends AsyncDisposable {
  /** As `http://127.0.0.1:4321`. */
  origin: string;
  port: number;
  /** Every request so far, in the order of arrival. */
  requests: http.IncomingMessage[];
}

/** What a path answers: a body for 200, or a function that answers. */
export type Reply = string | Uint8Array | ((request: http.IncomingMessage, response: http.ServerResponse) => void);

/** Serves replies by path, without the query; any other is answered by `*`, else with 404. Port 0 chooses a free one. */
export async function serveOnLoopback(replies: Readonly<Record<string, Reply>>, port = 0): Promise<Loopback> {
  const requests: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    const reply = replies[new URL(request.url ?? '/', 'http://loopback').pathname] ?? replies['*'];
    if (typeof reply === 'function') reply(request, response);
    else if (reply === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Not here.');
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(reply);
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  const { port: chosen } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${chosen}`,
    port: chosen,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
