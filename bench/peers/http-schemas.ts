import { z } from 'zod'

/** The schemas of the API for the peers that take Zod, made with their own Zod. */
export const Invoice = z.object({
  id: z.string(),
  title: z.string().nullable().optional(),
  customer: z.string(),
  total: z.number(),
})

const Item = z.object({
  sku: z.string(),
  description: z.string(),
  quantity: z.number().int(),
  unit_price: z.number(),
  tags: z.array(z.string()),
  note: z.string().nullable().optional(),
})

export const InvoiceWithItems = Invoice.extend({ items: z.array(Item) })
export const Received = z.object({ msg: z.string() })
export const PostQuery = z.object({ callback_url: z.url().optional() })
export const GetParams = z.object({ id: z.coerce.number().int() })
export const GetQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) })
export const Shown = z.object({ id: z.number(), limit: z.number(), msg: z.string() })
export const Upload = z.object({ title: z.string(), file: z.instanceof(File) })
export const Uploaded = z.object({ title: z.string(), size: z.number() })
