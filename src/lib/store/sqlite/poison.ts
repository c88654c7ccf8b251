/** A delivery over which so many workers in a row died has failed: it may be what kills them. */
export const deathsToFail = 3
