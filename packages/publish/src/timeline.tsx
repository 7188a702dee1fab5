/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import { dayNumber, type EventReference } from '@throughline/core';
import { counted } from './text.ts';
import { writtenDay } from './time.ts';

const WIDTH = 704;
const STEP = 8;
const MAX_STACK = 6;

/** Events along a line of time, those of about the same time above one another; the list beside says which they are. */
export function Timeline({ events, here }: { events: readonly EventReference[]; here?: string }) {
  const numbered = events
    .map(({ id, day }) => ({ id, number: dayNumber(day) }))
    .filter(({ number }) => !Number.isNaN(number));
  const numbers = numbered.map(({ number }) => number);
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbered.length < 2 || first === last) return null;
  const stacks = new Map<number, number>();
  const dots = numbered.map(({ id, number }) => {
    const column = Math.round(((number - first) / (last - first)) * ((WIDTH - 2 * STEP) / STEP));
    const height = stacks.get(column) ?? 0;
    stacks.set(column, height + 1);
    return { x: STEP + column * STEP, height, isHere: id === here };
  });
  const tallest = Math.min(MAX_STACK, Math.max(...stacks.values()));
  const base = tallest * STEP + 4;
  const [start, end] = [
    events.find(({ day }) => dayNumber(day) === first),
    events.find(({ day }) => dayNumber(day) === last),
  ];
  if (!start || !end) return null;
  return (
    <figure class="timeline">
      <svg
        viewBox={`0 0 ${WIDTH} ${base + 6}`}
        role="img"
        aria-label={`${counted(events.length, 'event')} from ${writtenDay(start.day)} to ${writtenDay(end.day)}`}
      >
        <path d={`M0 ${base}H${WIDTH}`} class="edge" />
        {dots
          .filter(({ height, isHere }) => height < MAX_STACK || isHere)
          .map(({ x, height, isHere }) => (
            <circle
              cx={x}
              cy={base - Math.min(height, MAX_STACK - 1) * STEP}
              r={isHere ? 5 : 3}
              class={isHere ? 'node here' : 'node'}
            />
          ))}
      </svg>
      <figcaption>
        <span>{writtenDay(start.day)}</span>
        <span>{writtenDay(end.day)}</span>
      </figcaption>
    </figure>
  );
}
