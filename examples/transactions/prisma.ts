import { HttpError, Ringback } from 'ringback'
import { type PostgresTransaction, postgresStore } from 'ringback/postgres'
import { creation, type Settings } from './invoice.ts'

/** As much of a client that Prisma generates as is used here. This example is compiled, and was not run. */
export interface InvoicePrisma {
  $transaction<R>(work: (tx: InvoicePrismaTransaction) => Promise<R>): Promise<R>
}

interface InvoicePrismaTransaction {
  readonly invoice: { create(given: { data: { id: string; total: number } }): PromiseLike<unknown> }
  $queryRawUnsafe<T>(statement: string, ...values: unknown[]): PromiseLike<T>
}

/** A transaction of Prisma as the store takes it. */
const within = (tx: InvoicePrismaTransaction): PostgresTransaction => ({
  query: async (text, values) => ({ rows: await tx.$queryRawUnsafe<object[]>(text, ...values) }),
})

/** An invoice and its callback in one commit, with Prisma on PostgreSQL. */
export function invoicesWithPrisma(prisma: InvoicePrisma, { database, masterSecret }: Settings): Ringback {
  const store = postgresStore({ connectionString: database })
  const delivery = { store, signing: { masterSecret }, worker: false }
  const app = new Ringback({ title: 'Invoices', version: '1.0.0', delivery })

  app.post('/invoices', creation, ({ body, callbacks }) =>
    prisma.$transaction(async tx => {
      await tx.invoice.create({ data: body })
      await callbacks.invoiceCreated.send(body, { transaction: within(tx) })
      if (body.total < 0) throw new HttpError(409, 'A total is not negative')
    }),
  )
  return app
}
