import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const nodeModules = fileURLToPath(new URL('../node_modules/', import.meta.url))
const unpackProgram = fileURLToPath(new URL('./support/unpack-chromium.ts', import.meta.url))

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts a real Chromium with an empty profile. It comes from npm with the libraries and the font that it needs, so a
 * machine needs only glibc; `await using` closes it.
 */
export async function startBrowser(): Promise<Browser> {
  const folder = await unpackedChromium()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: FLAGS,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  })
}

/**
 * The folder with the unpacked browser. It appears there complete, however many test runs unpack it at the same time.
 */
async function unpackedChromium(): Promise<string> {
  const cache = join(nodeModules, '.cache')
  const folder = join(cache, `chromium-${await packedVersion()}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const unfinished = await mkdtemp(`${folder}-`)
  await promisify(execFile)(process.execPath, [unpackProgram], { env: { ...process.env, TMPDIR: unfinished } })
  await writeFile(join(unfinished, 'fonts.conf'), fontConfiguration(folder))
  try {
    await rename(unfinished, folder)
  } catch (error) {
    await rm(unfinished, { recursive: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

async function packedVersion(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.resolve('@sparticuz/chromium')), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

const fontConfiguration = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>
`
