import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLIENT = fileURLToPath(new URL('mcp-client.mjs', import.meta.url));

export interface McpAnswer {
  tools: { name: string; annotations?: { readOnlyHint?: boolean }; inputSchema: { properties?: object } }[];
  content: { type: string; text: string }[];
  isError?: boolean;
}

/** How the server is reached. */
export type McpTransport = { url: string } | { command: string; args: string[]; env: Record<string, string> };

/** The official SDK's client; asks for the tools where no tool is named. */
export function mcpClient(transport: McpTransport) {
  const child = spawn(process.execPath, [CLIENT], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(transport)}\n`);
  return {
    async ask(name?: string, input: object = {}): Promise<McpAnswer> {
      child.stdin.write(`${JSON.stringify({ name, input })}\n`);
      const line = await lines.next();
      if (line.done) throw new Error('the client ended');
      return JSON.parse(line.value) as McpAnswer;
    },
    close: () => void child.stdin.end(),
  };
}
