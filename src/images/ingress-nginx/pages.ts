import type { HttpResponse } from '../../network/exchange.ts'
import { httpTime } from '../clock.ts'

const titles: Readonly<Record<number, string>> = {
  308: '308 Permanent Redirect',
  404: '404 Not Found',
  499: '499 Client Closed Request',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
}

/** A page of nginx itself. The controller has it not say its version. */
export function nginxPage(status: number, now: number, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const title = titles[status] ?? String(status)
  const body =
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    `<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
  return {
    status,
    headers: { Date: httpTime(now), 'Content-Type': 'text/html', 'Content-Length': String(body.length), ...headers },
    body,
  }
}
