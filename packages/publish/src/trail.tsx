/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { Category, PageTopic } from '@throughline/core';
import { categoryPath, topicPath } from './collection-path.ts';
import { oneLine } from './text.ts';

interface TrailProps {
  heading?: string;
  category?: Category | undefined;
  topics: readonly PageTopic[];
}

/** Where the editors filed an event: heading, then every topic above it, the outermost first. */
export function Trail({ heading, category, topics }: TrailProps) {
  const named = topics
    .map(({ id, title, text }) => ({ id, label: oneLine(text || title) }))
    .filter(({ label }) => label !== '');
  if (!heading && named.length === 0) return null;
  return (
    <ul class="trail" aria-label="Filed under">
      {heading && (
        <li class="category">
          <bdi>{category ? <a href={categoryPath(category)}>{heading}</a> : heading}</bdi>
        </li>
      )}
      {named.map(({ id, label }) => (
        <li>
          <bdi>{id !== undefined ? <a href={topicPath({ id, label })}>{label}</a> : label}</bdi>
        </li>
      ))}
    </ul>
  );
}
