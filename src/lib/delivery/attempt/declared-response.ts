/**
 * Which of the declared responses a status has: the one of just this status, else of its class (`2XX`), else the `default`.
 * `find` gives what is declared under a key.
 */
export function declaredResponse<Declared>(
  status: number,
  find: (key: string) => Declared | undefined,
): Declared | undefined {
  return find(String(status)) ?? find(`${Math.floor(status / 100)}XX`) ?? find('default')
}
