import { inflate } from '@sparticuz/chromium'

/** Unpacks the browser, its libraries and its font into the temporary folder, which is where `inflate` puts them. */
const packed = new URL('../bin/', import.meta.resolve('@sparticuz/chromium'))
for (const name of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br']) await inflate(new URL(name, packed).pathname)
