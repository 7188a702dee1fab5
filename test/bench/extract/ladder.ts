import { extract } from '@throughline/extract';
import { HOSTILE_HTML } from '../../golden/hostile-html.ts';

const SIZES = [1_250_000, 2_500_000, 5_000_000];
const url = 'https://www.harbourpost.example/news/ferry';

const cpuMs = (work: () => unknown): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/** Reads each kind of hostile page at doubled sizes; a factor near 2 a step is linear, near 4 quadratic. */
export function aLadder(): string[] {
  return Object.entries(HOSTILE_HTML).map(([name, page]) => {
    const times = SIZES.map((size) => {
      const html = page(size);
      return Math.min(...[0, 1].map(() => cpuMs(() => extract(html, { url, wantBody: true }))));
    });
    const growth = times.slice(1).map((time, at) => (time / Math.max(1, times[at]!)).toFixed(1));
    return `${name.padEnd(44)} ${times.map((time) => `${Math.round(time)} ms`).join(' → ')} (x${growth.join(', x')})`;
  });
}
