import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Day } from '@throughline/core';
import { startWeb, type Web } from '@throughline/web';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import {
  aCollection,
  aDayPage,
  aFrontPage,
  aHostileDay,
  aHit,
  aHostileEvent,
  HOSTILE,
  anEntity,
  anEventPage,
  anItem,
  aReference,
  aRelated,
  aRichDay,
  aRichEvent,
  aSource,
  aStory,
} from '../support/pages.ts';
import { siteInMemory } from '../support/site-reader.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const rich = aRichEvent();
const hostile = aHostileEvent();
const bare = anEventPage();
const crowded = anEventPage({
  ...aReference('2017-01-30', 'A storm crosses forty countries. '.repeat(12).trim()),
  sources: Array.from({ length: 40 }, (_, index) =>
    aSource({ url: `https://news.example/${index}`, label: `Paper ${index}` }),
  ),
});
const rightToLeft = anEventPage({
  ...aReference('2024-12-08', 'تسقط الحكومة في دمشق بعد هجوم دام أياما، ويغادر الرئيس البلاد.'),
  entities: [anEntity('أحمد الشرع', 'person'), anEntity('Damascus', 'place')],
  topics: [{ title: 'سقوط النظام', text: 'سقوط النظام' }],
  sources: [
    aSource({
      label: 'الجزيرة',
      article: { title: 'دمشق اليوم', description: 'خبر عاجل من العاصمة.', authors: ['مريم حسن'] },
    }),
  ],
  related: [aRelated('2024-11-30', 'تدخل القوات مدينة حلب.', { context: ['حلب', 'Aleppo'] })],
});
const endless = anEventPage({
  ...aReference('2017-01-27', 'One event.'),
  text: 'A sentence that never ends goes on and on, '.repeat(120_000),
  wordings: [
    { text: 'A sentence that ends.', seenAt: '2017-01-27T08:00:00Z' },
    { text: 'A sentence that never ends goes on and on, '.repeat(120_000), seenAt: '2017-01-27T12:00:00Z' },
  ],
});
const withdrawn = anEventPage({ text: 'A rumour of a landing is taken back.', slug: 'a-rumour' });
const days = [
  aRichDay('2017-01-30'),
  aHostileDay('2017-01-29'),
  aDayPage('2017-01-27', [anItem('2017-01-27', 'One event.')]),
];

const hostileEntity = { ...anEntity(HOSTILE), title: HOSTILE, slug: 'hostile', events: 3 };
const collections = [
  aCollection(
    {
      kind: 'entity',
      entity: { ...anEntity('Syria', 'place'), title: 'Syria', place: { latitude: 35, longitude: 38 } },
      aliases: ['Syrian', 'سوريا'],
    },
    {
      items: aRichDay().items,
      count: 928,
      months: Array.from({ length: 18 }, (_, index) => ({ month: `${2000 + index}-05`, events: index * 7 })),
      beside: rich.entities.map((entity) => ({ ...entity, events: 12 })),
    },
  ),
  aCollection(
    { kind: 'entity', entity: hostileEntity, aliases: [HOSTILE] },
    { items: aHostileDay().items, beside: [hostileEntity] },
  ),
  aCollection({ kind: 'topic', topic: { id: 1, title: 'Syrian Civil War', label: 'Syrian Civil War' } }),
  aCollection({ kind: 'category', category: 'armed-conflicts' }, { items: aRichDay().items }),
];
const stories = [
  aStory({
    slug: 'battle-for-deir-ez-zor',
    title: 'The battle for Deir ez-Zor',
    events: (rich.story?.events ?? []).map((event) => ({ ...event, outlets: ['Reuters', 'الجزيرة'] })),
    entities: rich.entities.map((entity) => ({ ...entity, events: 3 })),
  }),
  aStory({ slug: 'hostile', title: HOSTILE, entities: [hostileEntity], events: [{ ...hostile, outlets: [HOSTILE] }] }),
];
const found = {
  hits: [
    aHit('2017-01-30', 'Six bombers strike depots in Syria.', 'bombers'),
    aHit('2015-01-01', 'تدخل القوات مدينة حلب.', 'حلب'),
    aHit('2016-01-01', HOSTILE, 'script'),
  ],
  count: 1_000,
  next: rich.id,
  names: [
    { ...anEntity('Bomber'), events: 3 },
    { ...hostileEntity, slug: 'x' },
  ],
  isEmptyText: false,
};
const calendar = {
  days: Array.from({ length: 700 }, (_, index) => ({
    day: new Date(Date.UTC(2016, 0, 1 + index)).toISOString().slice(0, 10) as Day,
    events: (index * 7) % 31,
  })),
  updatedAt: '2017-01-31T08:00:00.000Z',
};

/** Every type of page, in its fullest, emptiest and worst form. */
const PAGES = {
  event: `/news/2017/01/30/${rich.slug}.html`,
  'bare event': `/news/2017/01/30/${bare.slug}.html`,
  'event with 40 sources': `/news/2017/01/30/${crowded.slug}.html`,
  'right-to-left event': `/events/${rightToLeft.id}`,
  'hostile event': `/events/${hostile.id}`,
  'event of 5 MB': `/events/${endless.id}`,
  day: '/news/2017/01/30/index.html',
  'hostile day': '/news/2017/01/29/index.html',
  'bare day': '/news/2017/01/27/index.html',
  front: '/',
  search: '/search?q=bombers&category=sports&from=2015&outlet=Reuters',
  'search nobody asked for': '/search',
  'search that makes no sense': `/search?from=x&category=y&topic=z&q=${encodeURIComponent('<script>'.repeat(60))}`,
  entity: '/entities/syria.html',
  'hostile entity': '/entities/hostile.html',
  topic: '/topics/1-syrian-civil-war.html',
  category: '/categories/armed-conflicts.html',
  story: '/stories/battle-for-deir-ez-zor.html',
  'hostile story': '/stories/hostile.html',
  archive: '/archive.html',
  year: '/archive/2016.html',
  'withdrawn event': '/news/2017/01/30/a-rumour.html',
  'missing event': '/news/2017/01/30/nothing.html',
};

const DEVICES: Record<string, BrowserContextOptions> = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
};

let web: Web;
let browser: Browser;

beforeAll(async () => {
  const reader = siteInMemory({
    events: [rich, hostile, bare, crowded, rightToLeft, endless],
    days,
    front: aFrontPage(days.slice(0, 3)),
    gone: [{ page: withdrawn, at: '2017-02-01T10:00:00Z' }],
    collections,
    stories,
    found,
    calendar,
  });
  web = await startWeb({ reader, host: '127.0.0.1', port: 0 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await web?.close(0);
});

/** Opens a page; gives it to `use` with whatever it complained of and asked others for. */
async function visit<T>(path: string, options: BrowserContextOptions, use: (page: Page) => Promise<T>) {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    const strangers: string[] = [];
    page.on('console', (message) => {
      if (!/status of (404|410)/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(web.url)) strangers.push(request.url());
    });
    await page.goto(web.url + path, { waitUntil: 'load' });
    return { seen: await use(page), complaints, strangers };
  } finally {
    await context.close();
  }
}

interface Axe {
  run(
    options: object,
  ): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[] }>;
}

/** What axe finds wrong, every rule of it but those for pieces of pages. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource); // through the debugger: the page's own policy lets no script in
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
    );
  });
}

describe.each(Object.entries(DEVICES))('on a %s screen', (_, device) => {
  it.each(Object.entries(PAGES))('the %s page is whole, quiet, accessible and fits', async (_name, path) => {
    const { seen, complaints, strangers } = await visit(path, device, async (page) => ({
      faults: await faultsOf(page),
      overflow: await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      pwned: await page.evaluate(() => 'pwned' in globalThis),
      scripts: await page.locator('script:not([type="application/ld+json"])').count(),
      styled: await page.evaluate(() => getComputedStyle(document.body).marginTop === '0px'),
      heading: await page.locator('h1').count(),
    }));
    expect(seen).toEqual({ faults: [], overflow: 0, pwned: false, scripts: 0, styled: true, heading: 1 });
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });
});

describe('an event with every part unfolded', () => {
  it.each(['event', 'hostile event'] as const)('is accessible and fits a phone: %s', async (name) => {
    const { seen } = await visit(PAGES[name], DEVICES['phone'] ?? {}, async (page) => {
      await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
      return {
        faults: await faultsOf(page),
        overflow: await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
      };
    });
    expect(seen).toEqual({ faults: [], overflow: 0 });
  });
});

describe('hostile text', () => {
  it('is shown as text, letter by letter, and makes no element, attribute or link of its own', async () => {
    const { seen } = await visit(PAGES['hostile event'], {}, (page) =>
      page.evaluate(() => ({
        heading: document.querySelector('h1')?.textContent,
        title: document.title.startsWith('<script>'),
        elements: document.querySelectorAll('img, iframe, textarea, object, form, body script').length,
        handlers: [...document.querySelectorAll('*')].filter((element) =>
          element.getAttributeNames().some((name) => name.startsWith('on')),
        ).length,
        schemes: [...new Set([...document.querySelectorAll('a')].map((link) => link.protocol))].toSorted(),
        credentials: [...document.querySelectorAll('a')].filter((link) => link.username || link.password).length,
        jsonLd: (
          JSON.parse(document.querySelector('script')?.textContent ?? '{}') as { headline?: string }
        ).headline?.slice(0, 8),
      })),
    );
    expect(seen).toMatchObject({ title: true, elements: 0, handlers: 0, credentials: 0, jsonLd: '<script>' });
    expect(seen.schemes).toEqual(['http:', 'https:']);
    expect(seen.heading).toContain('<script>globalThis.pwned = true</script>');
    expect(seen.heading).toContain('&amp; &#60; ]]> --> </title></style></textarea> [a](javascript:alert(1)) *b* _c_');
  });

  it('in the address does nothing either', async () => {
    const path =
      '/news/2017/01/30/%3Cscript%3EglobalThis.pwned=1%3C%2Fscript%3E.html?q=%3Cscript%3E#<img src=x onerror=alert(1)>';
    const { seen, complaints } = await visit(path, {}, (page) => page.evaluate(() => 'pwned' in globalThis));
    expect(seen).toBe(false);
    expect(complaints).toEqual([]);
  });
});

describe('a sentence of 5 MB', () => {
  it('is shown by its beginning on a page that fits, and leads to the whole of it', async () => {
    const { seen, complaints } = await visit(`/events/${endless.id}`, DEVICES['phone'] ?? {}, (page) =>
      page.evaluate(() => ({
        heading: Math.round((document.querySelector('h1')?.textContent?.length ?? 0) / 1_000),
        changes: (document.querySelector('.changes')?.textContent?.length ?? 0) < 45_000,
        whole: document.querySelector<HTMLAnchorElement>('.notice a')?.pathname,
        head: document.head.innerHTML.length - (document.querySelector('style')?.textContent?.length ?? 0) < 10_000,
        cite: (document.querySelector('.cite')?.textContent?.length ?? 0) < 1_000,
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      })),
    );
    const { whole, ...rest } = seen;
    expect(rest).toEqual({ heading: 20, changes: true, head: true, cite: true, overflow: 0 });
    expect((await (await fetch(web.url + whole)).text()).length).toBeGreaterThan(5_000_000);
    expect(complaints).toEqual([]);
  });
});

describe('a search', () => {
  it('is made with the keyboard alone and without JavaScript, and can be made again from what it found', async () => {
    const { seen } = await visit('/search', { javaScriptEnabled: false }, async (page) => {
      await page.getByLabel('Words in the sentence').focus();
      await page.keyboard.type('bombers');
      await page.getByLabel('Category').selectOption('sports');
      await page.getByLabel('From').fill('2017-01-01');
      await page.getByLabel('Words in the sentence').press('Enter');
      const first = { url: page.url(), marked: await page.locator('mark').first().innerText() };
      const again = await page.getByLabel('Words in the sentence').inputValue();
      await page.getByRole('link', { name: 'Earlier' }).click();
      return { ...first, again, category: await page.getByLabel('Category').inputValue(), next: page.url() };
    });
    expect(seen).toMatchObject({ marked: 'bombers', again: 'bombers', category: 'sports' });
    const asked = new URL(seen.url).searchParams;
    expect([asked.get('q'), asked.get('category'), asked.get('from')]).toEqual(['bombers', 'sports', '2017-01-01']);
    expect(new URL(seen.next).searchParams.get('after')).toBe(rich.id);
  });
});

describe('the picture of what is related', () => {
  it('is reached by keyboard, each neighbour a link that leads to its page', async () => {
    const { seen } = await visit(PAGES.event, DEVICES['desktop'] ?? {}, async (page) => {
      const first = page.locator('svg.graph a').first();
      await first.focus();
      const isOutlined = await first.evaluate((link) => getComputedStyle(link).outlineStyle !== 'none');
      const href = await first.getAttribute('href');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname === href);
      return { isOutlined, left: true };
    });
    expect(seen).toEqual({ isOutlined: true, left: true });
  });

  it('is left out on a phone, where the list is all', async () => {
    const { seen } = await visit(PAGES.event, DEVICES['phone'] ?? {}, (page) => page.locator('svg.graph').isVisible());
    expect(seen).toBe(false);
  });
});

describe('every page of its sort', () => {
  it.each(Object.entries(PAGES))('%s prints black on white', async (_, path) => {
    const { seen } = await visit(path, { colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      const isPlain = await page.evaluate(() => {
        const { color, backgroundColor } = getComputedStyle(document.body);
        return `${color} on ${backgroundColor}`;
      });
      const pdf = await page.pdf({ format: 'A4' });
      return { isPlain, hasPages: /\/Type\s*\/Page\b/.test(pdf.toString('latin1')) };
    });
    expect(seen).toEqual({ isPlain: 'rgb(0, 0, 0) on rgb(255, 255, 255)', hasPages: true });
  });
});

describe('the keyboard', () => {
  it('reaches the content first, then every link and every reason, each visibly', async () => {
    const { seen } = await visit(PAGES.event, {}, async (page) => {
      const stops: { name: string; isOutlined: boolean }[] = [];
      for (let step = 0; step < 90; step++) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate(() => {
          const focused = document.activeElement;
          if (!focused || focused === document.body) return undefined;
          return {
            name: (focused.textContent ?? '').trim().slice(0, 40),
            isOutlined: getComputedStyle(focused).outlineStyle !== 'none',
          };
        });
        if (!stop) break;
        stops.push(stop);
      }
      const reachable = await page.locator('a, summary').count();
      return { stops, reachable };
    });
    expect(seen.stops[0]?.name).toBe('Skip to the content');
    expect(seen.stops).toHaveLength(seen.reachable);
    expect(seen.stops.filter(({ isOutlined }) => !isOutlined)).toEqual([]);
    expect(seen.stops.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['30 January 2017', 'Archived copy', 'Markdown', 'CC BY-SA 4.0']),
    );
  });

  it('skips to the content, and opens a reason with Enter', async () => {
    const { seen } = await visit(PAGES.event, {}, async (page) => {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const skipped = await page.evaluate(() => document.activeElement?.id);
      const reason = page.locator('#related').locator('xpath=../..').locator('summary').first();
      await reason.focus();
      await page.keyboard.press('Enter');
      const weights = page.locator('details[open] .weights li');
      return { skipped, weights: await weights.allInnerTexts() };
    });
    expect(seen.skipped).toBe('main');
    expect(seen.weights.join('\n')).toMatch(/shared entity: Deir ez-Zor Governorate\s+\+2\.41/);
  });
});

describe('without JavaScript', () => {
  it('an event leads to its day, the day to the event, and reasons open', async () => {
    const { seen } = await visit(PAGES.event, { javaScriptEnabled: false }, async (page) => {
      await page.locator('summary', { hasText: 'similar wording' }).first().click();
      const isOpen = await page.getByText('shared entity: Deir ez-Zor Governorate').first().isVisible();
      await page.getByRole('link', { name: '30 January 2017' }).first().click();
      const dayUrl = page.url();
      await page.getByRole('link', { name: /^Six Russian/ }).click();
      return { isOpen, dayUrl, back: page.url() };
    });
    expect(seen).toEqual({
      isOpen: true,
      dayUrl: `${web.url}/news/2017/01/30/index.html`,
      back: web.url + PAGES.event,
    });
  });
});

describe('printed', () => {
  it('an event is a few pages of black on white, with the addresses of its sources', async () => {
    const { seen } = await visit(PAGES.event, { colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      const colors = await page.evaluate(() => {
        const { color, backgroundColor } = getComputedStyle(document.body);
        return { color, backgroundColor };
      });
      const address = await page.evaluate(() => {
        const link = document.querySelector('.sources h3 a');
        return link ? getComputedStyle(link, '::after').content : '';
      });
      const hasNavigation = await page.locator('.top nav').isVisible();
      const pdf = await page.pdf({ format: 'A4' });
      return { colors, address, hasNavigation, pages: pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0 };
    });
    expect(seen.colors).toEqual({ color: 'rgb(0, 0, 0)', backgroundColor: 'rgb(255, 255, 255)' });
    expect(seen.address).toContain('reuters.com/article');
    expect(seen.hasNavigation).toBe(false);
    expect(seen.pages).toBeGreaterThan(0);
    expect(seen.pages).toBeLessThanOrEqual(4);
  });
});

describe('right-to-left text', () => {
  it('runs from the right in its own places, and leaves the rest alone', async () => {
    const { seen } = await visit(PAGES['right-to-left event'], {}, (page) =>
      page.evaluate(() => ({
        heading: getComputedStyle(document.querySelector('h1') ?? document.body).direction,
        main: getComputedStyle(document.querySelector('main') ?? document.body).direction,
        related: getComputedStyle(document.querySelector('.thread .said') ?? document.body).direction,
        isolated: [...document.querySelectorAll('.chips li')].every((chip) => chip.querySelector('bdi')),
      })),
    );
    expect(seen).toEqual({ heading: 'rtl', main: 'ltr', related: 'rtl', isolated: true });
  });
});

describe('the XML and the JSON', () => {
  it('of the worst event are read by the browser’s own parsers', async () => {
    const { seen } = await visit('/', {}, async (page) => {
      const base = `/events/${hostile.id}`;
      const [xml, json] = await Promise.all(
        ['xml', 'json'].map(async (ext) => (await page.request.get(`${web.url}${base}.${ext}`)).text()),
      );
      return page.evaluate(
        ([xmlText = '', jsonText = '']) => {
          const document = new DOMParser().parseFromString(xmlText, 'application/xml');
          return {
            error: document.querySelector('parsererror')?.textContent ?? null,
            sentence: document.querySelector('event > text')?.textContent?.slice(0, 8),
            json: (JSON.parse(jsonText) as { event: { text: string } }).event.text.slice(0, 8),
          };
        },
        [xml, json],
      );
    });
    expect(seen).toEqual({ error: null, sentence: '<script>', json: '<script>' });
  });
});

describe('the first page', () => {
  it('comes in one request beside its icon, below 50 kB', async () => {
    const requests: string[] = [];
    const { seen } = await visit(PAGES.event, {}, async (page) => {
      page.on('request', (request) => requests.push(new URL(request.url()).pathname));
      const response = await page.reload();
      return (await response?.body())?.length ?? 0;
    });
    expect(seen).toBeGreaterThan(5_000);
    expect(seen).toBeLessThan(50_000);
    expect(requests.filter((path) => path !== '/favicon.svg')).toEqual([PAGES.event]);
  });
});
