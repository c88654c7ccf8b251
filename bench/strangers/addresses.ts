/** Everybody listens on the same port at an address of their own, so each is an origin. */
export const knownCount = 20

export const knownUrl = (port: number, number: number): string =>
  `http://127.1.0.${(number % knownCount) + 1}:${port}/known`

/** An honest origin that is new to the sender. */
export const newUrl = (port: number, number: number): string =>
  `http://127.2.${number >> 8}.${(number & 255) + 1}:${port}/new`

export const strangerUrl = (port: number, number: number): string =>
  `http://127.${64 + (number >> 14)}.${(number >> 7) & 127}.${(number & 127) + 1}:${port}/stranger`
