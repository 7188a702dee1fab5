import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Option, type Command } from 'commander';
import { withScratchDatabase } from '@throughline/db';
import { createLog, loadConfig } from '@throughline/runtime';
import { CommandError } from '../command-error.ts';
import { labExtract } from '../lab/extract.ts';
import { labFitLinker } from '../lab/fit/linker.ts';
import { fitRelationWeights } from '../lab/fit/relations.ts';
import { fitStoryWeights } from '../lab/fit/stories.ts';
import { fitTypeWeights } from '../lab/fit/use-types.ts';
import { labParse } from '../lab/parse.ts';
import { labRelate, VARIANTS } from '../lab/relate.ts';
import { readEdits, replay } from '../lab/replay.ts';
import { labStories } from '../lab/stories.ts';
import { labTag } from '../lab/tag.ts';
import { openStation } from '../station.ts';
import type { Terminal } from '../terminal.ts';

export function labCommand(root: Command, terminal: Terminal): void {
  const lab = root.command('lab').description("measure the pipeline's own code: NDJSON in, NDJSON out, no database");
  const write = (line: string) => terminal.out(line.endsWith('\n') ? line : `${line}\n`);

  lab
    .command('parse')
    .description('one line a day file: events, topics, links, sources, leftovers')
    .argument('<dir>', 'day files named YYYY-MM-DD.wiki')
    .action((directory: string) => labParse(existing(directory), write));

  lab
    .command('extract')
    .description('one line a page: its id and the fields')
    .requiredOption('--manifest <file>', 'one JSON line a page: id, url, charset')
    .requiredOption('--pages <dir>', 'the pages, <id>.html.gz')
    .action((options: { manifest: string; pages: string }) =>
      labExtract({ manifest: existing(options.manifest), pages: existing(options.pages) }, write),
    );

  lab
    .command('tag')
    .description('one line an event: the entities that the linker finds in its text alone')
    .requiredOption('--train <files>', 'events with links to learn from, separated by commas')
    .requiredOption('--in <file>', 'the events to tag; their own links are not looked at before they are tagged')
    .option('--online', 'learn the links of each day once it is tagged')
    .action((options: { train: string; in: string; online?: boolean }) =>
      labTag(
        { train: options.train.split(',').map(existing), input: existing(options.in), online: options.online ?? false },
        write,
      ),
    );

  lab
    .command('relate')
    .description('one line a query: the ids of related events, best first')
    .requiredOption('--events <file>', 'the events to rank')
    .requiredOption('--queries <file>', 'lines {id, query}')
    .addOption(new Option('--variant <which>', 'which events may be found').choices(VARIANTS).default('earlier'))
    .option('--explainable', 'only events that share an entity with the one asked about')
    .option('--why', 'add the evidence of each')
    .action(
      (options: {
        events: string;
        queries: string;
        variant: (typeof VARIANTS)[number];
        explainable?: boolean;
        why?: boolean;
      }) =>
        labRelate(
          {
            events: existing(options.events),
            queries: existing(options.queries),
            variant: options.variant,
            explainable: options.explainable ?? false,
            why: options.why ?? false,
          },
          write,
        ),
    );

  const fit = lab.command('fit').description('fit the weights that are shipped; writes their module');

  fit
    .command('linker')
    .description('fit the trees that choose links to how editors link: packages/enrich/src/weights/linker.ts')
    .requiredOption('--train <files>', 'events with links, in order of days, separated by commas')
    .action(({ train }: { train: string }) =>
      labFitLinker(train.split(',').map(existing), write, (line) => terminal.error(`${line}\n`)),
    );

  fit
    .command('relations')
    .description('fit the weights of relations to the headers above events: packages/enrich/src/weights/relation.ts')
    .requiredOption('--train <files>', 'events with links and topics, in order of days, separated by commas')
    .option('--from <day>', 'the first day of which events are asked about', '2014-01-01')
    .option('--until <day>', 'the first day that is not looked at', '9999-12-31')
    .option('--queries <n>', 'how many events are asked about', String(QUERIES))
    .option('--trees <n>', 'trees a signal', String(TREES))
    .action((options: { train: string; from: string; until: string; queries: string; trees: string }) =>
      fitRelationWeights(
        {
          ...options,
          train: options.train.split(',').map(existing),
          queries: Number(options.queries),
          trees: Number(options.trees),
        },
        write,
        (line) => terminal.error(`${line}\n`),
      ),
    );

  fit
    .command('stories')
    .description('fit the weights of stories to the headers above events: packages/enrich/src/weights/stories.ts')
    .requiredOption('--train <files>', 'events with links and topics, in order of days, separated by commas')
    .option('--from <day>', 'the first day that is learnt from', '2015-01-01')
    .option('--until <day>', 'the first day that is not learnt from', '9999-12-31')
    .option('--likeness-trees <n>', 'trees that say how likely two events are of one story', '70')
    .option('--thread-trees <n>', 'trees that choose among stories', '90')
    .action((options: { train: string; from: string; until: string; likenessTrees: string; threadTrees: string }) =>
      fitStoryWeights(
        {
          ...options,
          train: options.train.split(',').map(existing),
          likenessTrees: Number(options.likenessTrees),
          threadTrees: Number(options.threadTrees),
        },
        write,
        (line) => terminal.error(`${line}\n`),
      ),
    );

  fit
    .command('types')
    .description('fit what sort of thing names are to the titles that say so: packages/enrich/src/weights/use-types.ts')
    .requiredOption('--train <files>', 'events with links, separated by commas')
    .action(({ train }: { train: string }) =>
      fitTypeWeights(train.split(',').map(existing), write, (line) => terminal.error(`${line}\n`)),
    );

  lab
    .command('stories')
    .description('one line an event: the story that it is put into, in one pass over the days')
    .requiredOption('--events <file>', 'the events; the headers above them are not looked at')
    .option('--among', 'add the stories that it might be put into, best first')
    .action((options: { events: string; among?: boolean }) =>
      labStories({ events: existing(options.events), among: options.among ?? false }, write),
    );

  lab
    .command('replay')
    .description('take revisions in order through the pipeline, into a scratch database; one line an event')
    .requiredOption('--edits <file>', 'JSON lines {at, day, wikitext} or {at, day, deleted}, plain, .gz or .xz')
    .option('--twice', 'replay a second time into the same database; fails where that changes anything')
    .action(async ({ edits, twice = false }: { edits: string; twice?: boolean }) => {
      const config = loadConfig(terminal.env);
      const station = await openStation(config, createLog({ level: config.logLevel }));
      const settleMs = config.settleHours * HOUR_MS;
      try {
        await withScratchDatabase(station.databaseUrl, async (db) => {
          const events = await replay(db, readEdits(existing(edits)), settleMs);
          if (twice && !isDeepStrictEqual(events, await replay(db, readEdits(edits), settleMs))) {
            throw new CommandError('the second replay changed what the first had made');
          }
          for (const event of events) write(JSON.stringify(event));
        });
      } finally {
        await station.close();
      }
    });
}

/** What the shipped weights were fitted with. */
const QUERIES = 4000;
const TREES = 30;

const HOUR_MS = 3_600_000;

function existing(path: string): string {
  if (!existsSync(path)) throw new CommandError(`no such file: ${path}`);
  return path;
}
