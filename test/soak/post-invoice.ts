/** Sends an invoice whose callback goes to `callbackUrl`. */
export function postInvoice(server: string, invoice: string, callbackUrl: string): Promise<Response> {
  return fetch(`${server}/invoices/?${new URLSearchParams({ callback_url: callbackUrl })}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: invoice }),
  })
}

/** The delivery that a server acknowledged. */
export async function acknowledgedId(response: Response): Promise<string> {
  if (response.status !== 200) throw new Error(`The server answered ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { delivery: string }).delivery
}
