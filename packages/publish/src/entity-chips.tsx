/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { EntityReference } from '@throughline/core';
import { entityPath } from './collection-path.ts';
import { oneLine } from './text.ts';

interface EntityChipsProps {
  /** In their order; `events` is shown where it is known. */
  entities: readonly (EntityReference & { events?: number })[];
  /** The id of the heading above them. */
  labelledBy?: string;
}

/** Entities as links to their pages. */
export function EntityChips({ entities, labelledBy }: EntityChipsProps) {
  return (
    <ul class="chips" aria-labelledby={labelledBy}>
      {entities.map((entity) => (
        <li>
          <a href={entityPath(entity)}>
            <bdi>{oneLine(entity.label)}</bdi>
          </a>
          {entity.events !== undefined && (
            <>
              {' '}
              <span class="quiet">{entity.events}</span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
