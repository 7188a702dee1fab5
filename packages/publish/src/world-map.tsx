/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { Coordinates } from '@throughline/core';
import { LAND } from './land.ts';
import { cut, oneLine } from './text.ts';

/** Something that is somewhere. */
export interface MapPlace extends Coordinates {
  label: string;
}

/** Two units a degree, as `LAND` has them; what is farther north or south than the map is at its edge. */
const [WIDTH, HEIGHT, NORTH] = [720, 286, 85];
const LABEL_LENGTH = 28;
const MAX_PLACES = 12;
/** From here on a label stands on the left of its dot. */
const FAR_EAST = 540;

/** Where places are, on a map that needs nobody's tiles; their coordinates stand below it. */
export function WorldMap({ places }: { places: readonly MapPlace[] }) {
  const shown = places.filter(isOnEarth).slice(0, MAX_PLACES);
  if (shown.length === 0) return null;
  const named = new Set(shown.filter((place, index) => shown.slice(0, index).every((other) => !isNear(place, other))));
  const names = shown.map(({ label }) => oneLine(label)).join(', ');
  return (
    <figure class="map">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Map of the world with ${names}`}>
        <path d={LAND} class="land" />
        {shown.map((place) => (
          <Dot place={place} isNamed={named.has(place)} />
        ))}
      </svg>
      <figcaption>
        {shown.map((place, index) => (
          <>
            {index > 0 && ' · '}
            <bdi>{oneLine(place.label)}</bdi> {degrees(place)}
          </>
        ))}
      </figcaption>
    </figure>
  );
}

function Dot({ place, isNamed }: { place: MapPlace; isNamed: boolean }) {
  const x = Math.round((place.longitude + 180) * 2);
  const y = Math.min(HEIGHT, Math.max(0, Math.round((NORTH - place.latitude) * 2)));
  const isEast = x > FAR_EAST;
  return (
    <>
      <circle cx={x} cy={y} r="5" class="node here" />
      {isNamed && (
        <text x={isEast ? x - 9 : x + 9} y={y + 5} text-anchor={isEast ? 'end' : 'start'}>
          {cut(oneLine(place.label), LABEL_LENGTH)}
        </text>
      )}
    </>
  );
}

/** Whether their names would lie on one another. */
const isNear = (one: Coordinates, other: Coordinates): boolean =>
  Math.abs(one.latitude - other.latitude) < 8 && Math.abs(one.longitude - other.longitude) < 110;

const isOnEarth = ({ latitude, longitude }: Coordinates): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180; // false for what is no number

/** `35.3° N, 40.1° E`. */
const degrees = ({ latitude, longitude }: Coordinates): string =>
  `${Math.abs(latitude).toFixed(1)}° ${latitude < 0 ? 'S' : 'N'}, ${Math.abs(longitude).toFixed(1)}° ${longitude < 0 ? 'W' : 'E'}`;
