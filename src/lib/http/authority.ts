/** RFC 9110, section 7.2, without escapes: no host name has them. */
const HOST = /^(?:[\w\-.~!$&'()*+,;=]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i

/** Whether a text can be the value of `Host`: a host with or without a port, and nothing else of a URL. */
export const isAuthority = (text: string): boolean => HOST.test(text) && URL.canParse(`http://${text}`)
