import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import manifest from '../package.json' with { type: 'json' };

const ARGUMENTS = [
  '--no-sandbox', // as root there is none
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/** A real headless Chromium from npm, with a profile of its own that goes when it is closed. */
export async function launchBrowser(): Promise<Browser> {
  const place = await unpacked();
  return chromium.launch({
    executablePath: join(place, 'chromium'),
    args: ARGUMENTS,
    headless: true,
    env: { ...process.env, ...(!existsSync('/etc/fonts') && { FONTCONFIG_PATH: join(place, 'fonts') }) },
  });
}

/**
 * The directory of the unpacked browser. It is unpacked once a version, aside,
 * and moved into place whole: test files run beside one another.
 */
async function unpacked(): Promise<string> {
  const place = join(CACHE, `chromium-${manifest.devDependencies['@sparticuz/chromium']}`);
  if (existsSync(place)) return place;
  await mkdir(CACHE, { recursive: true });
  const own = await mkdtemp(`${place}-`);
  const temporary = process.env['TMPDIR'];
  process.env['TMPDIR'] = own; // where the package unpacks to
  try {
    await sparticuz.executablePath();
    await rename(own, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error; // another was first
    });
  } finally {
    if (temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporary;
    await rm(own, { recursive: true, force: true });
  }
  return place;
}
