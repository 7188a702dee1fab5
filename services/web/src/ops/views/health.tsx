/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { worstOf, type Level, type Light } from '@throughline/core';
import type { Alarm } from '@throughline/db';
import { ago, instant } from '../format.ts';
import type { View } from '../view.ts';

const SUMMARY: Record<Level, string> = {
  good: 'What readers see is complete and fresh.',
  off: 'Nothing is in use yet.',
  watch: 'What readers see is in order; something wants a look today.',
  bad: 'Something is wrong, or will be soon.',
};

export const health: View = {
  path: '/ops',
  title: () => 'Health',
  live: true,
  async render({ lights, alarms, now }) {
    const [all, recent] = await Promise.all([lights(), alarms.recent(10).catch(() => [])]);
    const level = worstOf(all);
    return (
      <>
        <p class={`sub ${level}`}>
          <span class="badge">{level}</span> {SUMMARY[level]}
        </p>
        <div class="lights">
          {all.map((light) => (
            <Lamp {...light} />
          ))}
        </div>
        <Alarms alarms={recent} now={now} />
      </>
    );
  },
};

const Lamp = ({ name, level, says, path }: Light) => (
  <section class={`light ${level}`} id={`light-${name}`}>
    <a href={path}>{name}</a> <span class="badge">{level}</span>
    <p>{says}</p>
  </section>
);

function Alarms({ alarms, now }: { alarms: readonly Alarm[]; now: number }) {
  if (alarms.length === 0) return <></>;
  return (
    <>
      <h2>Alarms</h2>
      <div class="scroll">
        <table>
          <tr>
            <th>light</th>
            <th>since</th>
            <th>resolved</th>
            <th>told</th>
            <th>why</th>
          </tr>
          {alarms.map(({ light, since, resolvedAt, toldAt, says }) => (
            <tr>
              <td>{light}</td>
              <td>{instant(since)}</td>
              <td>{resolvedAt === null ? 'open' : ago(resolvedAt, now)}</td>
              <td>{toldAt === null ? 'nobody' : ago(toldAt, now)}</td>
              <td>{says}</td>
            </tr>
          ))}
        </table>
      </div>
    </>
  );
}
