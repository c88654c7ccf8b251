// The thread of the database on a disk that hangs.
import '../support/hang-when-told.ts'
import '../../src/lib/store/sqlite/thread/thread.ts'
