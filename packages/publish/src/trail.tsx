/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Topic } from '@throughline/core';
import { oneLine } from './text.ts';

/** Where the editors filed an event: heading, then every topic above it, the outermost first. */
export function Trail({ heading, topics }: { heading?: string; topics: readonly Topic[] }) {
  const names = topics.map((topic) => oneLine(topic.text || topic.title)).filter(Boolean);
  if (!heading && names.length === 0) return null;
  return (
    <ul class="trail" aria-label="Filed under">
      {heading && (
        <li class="category">
          <bdi>{heading}</bdi>
        </li>
      )}
      {names.map((name) => (
        <li>
          <bdi>{name}</bdi>
        </li>
      ))}
    </ul>
  );
}
