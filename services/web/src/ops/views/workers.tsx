/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { spanOf } from '@throughline/core';
import { ago } from '../format.ts';
import { Do } from '../page.tsx';
import type { View } from '../view.ts';

export const workers: View = {
  path: '/ops/workers',
  title: () => 'Workers',
  live: true,
  async render({ facts, mayAct, now }) {
    const { workers: all } = await facts();
    if (all.length === 0) {
      return (
        <p class="sub">
          No worker has been seen. Start one with <code>throughline worker</code>, or <code>throughline start</code>.
        </p>
      );
    }
    return (
      <div class="scroll">
        <table>
          <tr>
            <th>worker</th>
            <th>version</th>
            <th>heartbeat</th>
            <th>in hand</th>
            <th>
              <span class="hidden">actions</span>
            </th>
          </tr>
          {all.map(({ worker, version, heartbeatAt, inHand, quiet }) => (
            <tr>
              <td>
                {worker} {quiet && <span class="badge watch">quiet</span>}
              </td>
              <td>{version}</td>
              <td>{ago(heartbeatAt, now)}</td>
              <td>
                {inHand.length === 0
                  ? 'nothing'
                  : inHand.slice(0, 20).map(({ stage, key, since }) => (
                      <div>
                        {stage} <code>{key.slice(0, 80)}</code> for {spanOf(now - since)}
                      </div>
                    ))}
              </td>
              <td>
                {mayAct && (
                  <Do action={`/ops/workers/${quiet ? 'wake' : 'quiet'}`} fields={{ name: worker }}>
                    {quiet ? 'Wake' : 'Quiet'}
                  </Do>
                )}
              </td>
            </tr>
          ))}
        </table>
      </div>
    );
  },
};
