import { readFile } from 'node:fs/promises';
import { metrics, observeJob, showLights, showQueues } from '@throughline/runtime';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';

const at = (path: string) => new URL(`../${path}`, import.meta.url);

interface Panel {
  title: string;
  gridPos: { x: number; w: number };
  targets: { expr: string; legendFormat: string }[];
}

/** The metrics that `/metrics` shows, with the labels that each has. */
async function shown(): Promise<Map<string, Set<string>>> {
  observeJob('enrich', 'done', 5);
  const figures = { waiting: 1, active: 1, delayed: 1, failed: 1, oldestWaitingAgeMs: 1 };
  showQueues(async () => ({ enrich: figures }));
  showLights(async () => [{ name: 'disk', level: 'good' }]);
  const known = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of (await metrics.metrics()).matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
    known.set(name, new Set([...(known.get(name) ?? []), ...names]));
  }
  return known;
}

const known = await shown();
const SCRAPED = ['instance', 'job']; // Prometheus adds these to whatever it scrapes

/** The metrics of a PromQL expression, and the labels that it groups or selects by. */
function namesIn(expression: string): { metricNames: string[]; labels: string[] } {
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/\s*,\s*/));
  const selected = [...expression.matchAll(/(\w+)\s*[!=]~?=?\s*"/g)].map(([, label = '']) => label);
  return {
    metricNames: [...expression.matchAll(/\b(?:throughline|process|nodejs)_\w+/g)].map(([name]) => name),
    labels: [...grouped, ...selected],
  };
}

function expectShown(expression: string, labels: readonly string[]): void {
  const { metricNames, labels: used } = namesIn(expression);
  expect(metricNames, expression).not.toEqual([]);
  for (const name of metricNames) {
    expect([...known.keys()], expression).toContain(name);
    const has = [...(known.get(name) ?? []), ...SCRAPED];
    expect(has, expression).toEqual(expect.arrayContaining([...used, ...labels]));
  }
}

const labelsIn = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, name = '']) => name);

describe('what is shipped for monitoring', () => {
  it('a Grafana dashboard whose every expression names metrics and labels that are shown', async () => {
    const dashboard = JSON.parse(await readFile(at('infra/grafana/throughline.json'), 'utf8')) as { panels: Panel[] };
    expect(dashboard.panels.length).toBeGreaterThan(0);
    expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(dashboard.panels.length);
    for (const { gridPos, targets } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (const { expr, legendFormat } of targets) expectShown(expr, labelsIn(legendFormat));
    }
  });

  it('alert rules whose every expression names metrics and labels that are shown', async () => {
    const { groups } = parse(await readFile(at('infra/alerts.yml'), 'utf8')) as {
      groups: { rules: { expr: string; annotations: Record<string, string> }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(0);
    for (const { expr, annotations } of rules) expectShown(expr, labelsIn(Object.values(annotations).join(' ')));
  });
});
