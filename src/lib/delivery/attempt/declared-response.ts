/**
 * The declared response for a status: the one for exactly this status, else the one for its class (`2XX`), else the
 * `default`. `find` looks a key up.
 */
export function declaredResponse<Declared>(
  status: number,
  find: (key: string) => Declared | undefined,
): Declared | undefined {
  return find(String(status)) ?? find(`${Math.floor(status / 100)}XX`) ?? find('default')
}
