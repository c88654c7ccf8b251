/**
 * Shares free slots between places, in rounds, so that one with a long queue does not take them all. What one place
 * leaves goes to the others. `take` returns at most the given number of rows of a place. A place that `takesOne` gets
 * only one.
 */
export function shareSlots<Place, Row>(
  slots: number,
  places: readonly Place[],
  takesOne: (place: Place) => boolean,
  take: (place: Place, slots: number) => readonly Row[],
): Row[] {
  const taken: Row[] = []
  let waiting = places
  while (waiting.length > 0 && taken.length < slots) {
    const share = Math.max(Math.floor((slots - taken.length) / waiting.length), 1)
    waiting = waiting.filter(place => {
      const most = takesOne(place) ? 1 : Math.min(share, slots - taken.length)
      const rows = most > 0 ? take(place, most) : []
      taken.push(...rows)
      return rows.length === most && !takesOne(place)
    })
  }
  return taken
}
