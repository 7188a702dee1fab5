/** Where progress is written: a terminal gets a bar, anything else plain lines. */
export interface ProgressStream {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressOptions {
  label: string;
  /** How many of `unit` there are; an estimate may be passed. */
  total: number;
  unit: string;
  stream: ProgressStream;
  /** Milliseconds; the process's own clock unless given. */
  now?: () => number;
}

export interface Progress {
  advance(count: number): void;
  /** Ends with the final figures; may be called more than once. */
  done(): void;
}

const REDRAW_MS = 100;
const LINE_EVERY_MS = 5_000;
const BAR = 24;

/** Shows how far long work is, how fast, and how long it has yet to go. */
export function progress({ label, total, unit, stream, now = Date.now }: ProgressOptions): Progress {
  const started = now();
  const live = stream.isTTY === true;
  let finished = 0;
  let shownAt = live ? -Infinity : started;
  let ended = false;

  const figures = () => {
    const seconds = Math.max((now() - started) / 1_000, 0.001);
    const rate = finished / seconds;
    const left = rate > 0 ? clock((total - finished) / rate) : '—';
    return { seconds, text: `${finished}/${total} ${unit}, ${rounded(rate)}/s`, left };
  };
  const draw = () => {
    const { text, left } = figures();
    const filled = Math.min(BAR, Math.round((BAR * finished) / Math.max(total, 1)));
    const line = `${label} [${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}] ${text}, ${left} left`;
    stream.write(`\r\u001B[K${line.slice(0, Math.max((stream.columns ?? 80) - 1, 20))}`);
  };

  return {
    advance(count) {
      finished += count;
      if (ended || now() - shownAt < (live ? REDRAW_MS : LINE_EVERY_MS)) return;
      shownAt = now();
      if (live) draw();
      else stream.write(`${label}: ${figures().text}, ${figures().left} left\n`);
    },
    done() {
      if (ended) return;
      ended = true;
      const { seconds, text } = figures();
      stream.write(`${live ? '\r\u001B[K' : ''}${label}: ${text}, ${clock(seconds)}\n`);
    },
  };
}

const rounded = (rate: number): string => (rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1));

/** `75` → `1:15`. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
