/** An invoice as the POST sends it. */
export const invoice = { id: '2expen51ve', customer: 'Mr. Richie Rich', total: 9999 }

const clause = 'consulting services rendered, as agreed in the master services agreement and its annexes, as amended; '

/** One with 200 items: 49 KB. */
export const invoiceWithItems = {
  ...invoice,
  title: null,
  items: Array.from({ length: 200 }, (_, index) => ({
    sku: `SKU-${100_000 + index}`,
    description: `Line item number ${index}: ${clause}`,
    quantity: (index % 7) + 1,
    unit_price: 10.5 + index,
    tags: ['alpha', `beta-${index % 10}`, 'gamma'],
    note: index % 3 === 0 ? 'deliver to the back door' : null,
  })),
}

/** Three mistakes: no customer, a total that is not a number, a title that no server can read as text. */
export const wrongInvoice = { id: invoice.id, total: 'a lot', title: { text: 'Payment' } }

/** Ten mistakes. */
export const wrongInvoiceWithItems = {
  ...invoiceWithItems,
  items: invoiceWithItems.items.map((item, index) => (index % 20 === 19 ? { ...item, quantity: 'many' } : item)),
}

const uploadPart = (disposition: string, content: string) =>
  `--upload\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`

/** A form with a title and a file of 1 MB. */
export const upload = {
  contentType: 'multipart/form-data; boundary=upload',
  body: [
    uploadPart('name="title"', 'Harbour'),
    uploadPart('name="file"; filename="harbour.bin"', 'ringback--\r\n'.repeat(83_333)),
    '--upload--\r\n',
  ].join(''),
}

/** The size of its file. */
export const uploadedBytes = 999_996
