/** The summary that a name stands for: `createInvoice` gives "Create invoice". */
export function summaryFrom(operationId: string): string {
  const words = operationId
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_.-]+/g, ' ')
    .toLowerCase()
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
