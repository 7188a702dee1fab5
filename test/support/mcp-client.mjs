// The SDK's own client as a process of its own: one of its dependencies has a `source` condition that is not ours.
// Reads a JSON line with the transport, then a JSON line a request; writes a JSON line an answer.
import { createInterface } from 'node:readline';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const client = new Client({ name: 'test', version: '0.0.0' });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { value: first } = await lines.next();
const transport = JSON.parse(first);
await client.connect(
  transport.url ? new StreamableHTTPClientTransport(new URL(transport.url)) : new StdioClientTransport(transport),
);
for await (const line of lines) {
  const { name, input } = JSON.parse(line);
  const answer = await (name === undefined ? client.listTools() : client.callTool({ name, arguments: input })).catch(
    (error) => ({ isError: true, content: [{ type: 'text', text: String(error) }] }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await client.close();
