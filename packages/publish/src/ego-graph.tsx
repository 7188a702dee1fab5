/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import { cut, oneLine } from './text.ts';

/** What is connected with the one in the middle. */
export interface Neighbour {
  href: string;
  /** Above its name: a date, a sort. Empty for none. */
  note: string;
  name: string;
  /** What connects the two. */
  edge: string;
}

export interface EgoGraphProps {
  /** What stands in the middle. */
  centre: string;
  left: readonly Neighbour[];
  right: readonly Neighbour[];
  /** What the picture shows, said to those who do not see it. */
  label: string;
}

const WIDTH = 704;
const ROW = 50;
const MIDDLE = WIDTH / 2;
/** Where a neighbour's text ends and its edge begins. */
const EDGE = 228;
/** Where the edges leave their rows for the middle. */
const BEND = 318;
const NAME_LENGTH = 30;
const EDGE_LENGTH = 17;
const MAX_ROWS = 6;

/**
 * One thing among its neighbours, in two columns with labelled edges. Every
 * neighbour is a link. What it shows stands in a list or table beside it: on
 * small screens the picture is left out.
 */
export function EgoGraph({ centre, left, right, label }: EgoGraphProps) {
  const rows = Math.min(MAX_ROWS, Math.max(left.length, right.length));
  if (rows === 0) return null;
  const height = rows * ROW;
  const y = (rows * ROW) / 2;
  const below = rows % 2 === 1 ? 19 : -11; // where no row's own label is
  return (
    <svg class="graph" viewBox={`0 0 ${WIDTH} ${height}`} role="group" aria-label={label}>
      <Column neighbours={left} side="left" rows={rows} middle={y} />
      <Column neighbours={right} side="right" rows={rows} middle={y} />
      <circle cx={MIDDLE} cy={y} r="5" class="node" />
      <text x={MIDDLE} y={y + below} text-anchor="middle" class="centre">
        {cut(oneLine(centre), NAME_LENGTH)}
      </text>
    </svg>
  );
}

interface ColumnProps {
  neighbours: readonly Neighbour[];
  side: 'left' | 'right';
  rows: number;
  middle: number;
}

function Column({ neighbours, side, rows, middle }: ColumnProps) {
  const shown = neighbours.slice(0, MAX_ROWS);
  const offset = Math.floor((rows - shown.length) / 2) * ROW; // whole rows, so that no label is in the middle's way
  return (
    <>
      {shown.map((neighbour, index) => (
        <Row neighbour={neighbour} side={side} y={offset + index * ROW + ROW / 2} middle={middle} />
      ))}
    </>
  );
}

function Row({
  neighbour,
  side,
  y,
  middle,
}: {
  neighbour: Neighbour;
  side: 'left' | 'right';
  y: number;
  middle: number;
}) {
  const at = (x: number): number => (side === 'left' ? x : WIDTH - x);
  const name = oneLine(neighbour.name);
  const edge = oneLine(neighbour.edge);
  return (
    <>
      <path
        d={`M${at(EDGE)} ${y}H${at(BEND)}C${at(MIDDLE - 8)} ${y} ${at(BEND)} ${middle} ${MIDDLE} ${middle}`}
        class="edge"
      />
      <text x={at(EDGE + 4)} y={y - 4} text-anchor={side === 'left' ? 'start' : 'end'} class="why">
        {cut(edge, EDGE_LENGTH)}
      </text>
      <a href={neighbour.href}>
        <title>{`${[neighbour.note, name].filter(Boolean).join(': ')} (${edge})`}</title>
        <circle cx={at(EDGE)} cy={y} r="3.5" class="node" />
        {neighbour.note && (
          <text x={side === 'left' ? 0 : WIDTH - EDGE + 10} y={y - 5} class="note">
            {neighbour.note}
          </text>
        )}
        <text x={side === 'left' ? 0 : WIDTH - EDGE + 10} y={neighbour.note ? y + 10 : y + 4} class="name">
          {cut(name, NAME_LENGTH)}
        </text>
      </a>
    </>
  );
}
