/** The accounts by their keys, from a text such as "key=account,another=account". */
export function readAccounts(text: string | undefined): ReadonlyMap<string, string> {
  const accounts = new Map<string, string>()
  for (const pair of text?.split(',') ?? []) {
    const [key, account] = pair.split('=').map(part => part.trim())
    if (!key || !account) throw new Error('API_KEYS must be "key=account" pairs with commas between them')
    accounts.set(key, account)
  }
  return accounts
}
