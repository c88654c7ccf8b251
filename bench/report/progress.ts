/** One line on the terminal that is overwritten; nothing where the output goes to a file. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${text}`)
}
