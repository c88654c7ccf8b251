/** Most servers refuse longer URLs; each delivery stores two of them. */
export const longestUrl = 8_192
