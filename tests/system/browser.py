#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""A headless Chromium, asked over the pipe of its developer tools.

usage: browser.py WIDTH PAGE...

Opens each page in a window of that width, and again as for print, and says on
one line what a reader would be hurt by: what ran (title changed, dialogs,
requests, errors of the policy), what markup there is that a report does not
have, and how far anything stands out beyond the window.  0 everywhere: "fine".
"""
import json
import os
import subprocess
import sys
import tempfile
import time

BROWSERS = ('chromium', 'chromium-browser')

# What scrolls by itself may be wider inside; nothing else may stand out.
LOOK = r'''(() => {
  const wide = document.documentElement.clientWidth;
  let over = 0, what = '';
  const held = e => {
    for (let p = e.parentElement; p; p = p.parentElement) {
      const o = getComputedStyle(p).overflowX;
      if (o === 'auto' || o === 'scroll' || o === 'hidden') return true;
    }
    return false;
  };
  for (const e of document.body.querySelectorAll('*')) {
    const r = e.getBoundingClientRect();
    if (r.width === 0 || r.right <= wide + 1 || held(e)) continue;
    if (r.right - wide > over) { over = r.right - wide; what = e.outerHTML.slice(0, 80); }
  }
  const odd = document.querySelectorAll(
      'script,img,iframe,object,embed,link,form,base,video,audio').length;
  let on = 0;
  for (const e of document.querySelectorAll('*'))
    for (const a of e.attributes)
      if (/^on/i.test(a.name) || /javascript:/i.test(a.value)) on++;
  return JSON.stringify({title: document.title, odd, on,
      over: Math.round(over), what,
      page: document.documentElement.scrollWidth - wide});
})()'''


class Browser:
    def __init__(self, width=1200, height=900):
        self.dir = tempfile.TemporaryDirectory()
        down, self.send_to = os.pipe()
        self.read_from, up = os.pipe()
        for name in BROWSERS:
            path = subprocess.run(['sh', '-c', 'command -v ' + name],
                                  stdout=subprocess.PIPE, text=True,
                                  check=False).stdout.strip()
            if path:
                break
        if not path:
            raise SystemExit('chromium is not installed')

        def pipes():
            a, b = os.dup(down), os.dup(up)
            a, b = max(os.dup(a), 10), max(os.dup(b), 10)
            os.dup2(a, 3)
            os.dup2(b, 4)
        self.process = subprocess.Popen(
            [path, '--headless', '--no-sandbox', '--disable-gpu',
             '--no-first-run', '--disable-background-networking',
             '--disable-component-update', '--disable-sync',
             '--remote-debugging-pipe', '--user-data-dir=' + self.dir.name,
             '--window-size=%d,%d' % (width, height), 'about:blank'],
            preexec_fn=pipes, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(down)
        os.close(up)
        self.n = 0
        self.rest = b''
        self.events = []
        self.session = None
        target = self.ask('Target.createTarget', url='about:blank')['targetId']
        self.session = self.ask('Target.attachToTarget', targetId=target,
                                flatten=True)['sessionId']
        for domain in ('Page', 'Runtime', 'Log', 'Network'):
            self.ask(domain + '.enable')

    def message(self):
        while b'\0' not in self.rest:
            more = os.read(self.read_from, 1 << 20)
            if not more:
                raise SystemExit('the browser ended')
            self.rest += more
        one, self.rest = self.rest.split(b'\0', 1)
        return json.loads(one)

    def ask(self, method, **params):
        self.n += 1
        m = {'id': self.n, 'method': method, 'params': params}
        if self.session:
            m['sessionId'] = self.session
        data = json.dumps(m).encode() + b'\0'
        while data:
            data = data[os.write(self.send_to, data):]
        while True:
            got = self.message()
            if got.get('id') == self.n:
                if 'error' in got:
                    raise SystemExit('%s: %s' % (method, got['error']))
                return got['result']
            self.take(got)

    def take(self, got):
        self.events.append(got)
        if got.get('method') == 'Page.javascriptDialogOpening':
            n = self.n
            self.ask('Page.handleJavaScriptDialog', accept=True)
            self.n = max(n, self.n)

    def wait(self, method, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for e in self.events:
                if e.get('method') == method:
                    return e
            self.take(self.message())
        raise SystemExit('no ' + method)

    def open(self, path):
        self.events = []
        self.ask('Page.navigate', url='file://' + os.path.abspath(path))
        self.wait('Page.loadEventFired')

    def run(self, text, wait=False):
        got = self.ask('Runtime.evaluate', expression=text, awaitPromise=wait,
                       returnByValue=True)
        if 'exceptionDetails' in got:
            raise SystemExit(str(got['exceptionDetails'])[:500])
        return got['result'].get('value')

    def size(self, width, height):
        self.ask('Emulation.setDeviceMetricsOverride', width=width,
                 height=height, deviceScaleFactor=1, mobile=width < 600)

    def media(self, name):
        self.ask('Emulation.setEmulatedMedia', media=name)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.send_to)
        os.close(self.read_from)
        try:
            self.dir.cleanup()
        except OSError:
            pass


def wrongs(browser, page):
    said = json.loads(browser.run(LOOK))
    title = open(page, encoding='utf-8').read().split('<title>')[1]
    title = title.split('</title>')[0]
    for name, sign in (('lt', '<'), ('gt', '>'), ('quot', '"'), ('#39', "'"),
                       ('amp', '&')):
        title = title.replace('&' + name + ';', sign)
    bad = []
    if ' '.join(said['title'].split()) != ' '.join(title.split()):
        bad.append('the title became ' + said['title'])
    if said['odd'] or said['on']:
        bad.append('%d foreign elements, %d handlers'
                   % (said['odd'], said['on']))
    if said['over'] > 0 or said['page'] > 0:
        bad.append('%d px beyond the window: %s'
                   % (max(said['over'], said['page']), said['what']))
    for e in browser.events:
        m = e.get('method')
        if m == 'Page.javascriptDialogOpening':
            bad.append('a dialog')
        if m == 'Runtime.exceptionThrown':
            bad.append('a script threw')
        if m == 'Network.requestWillBeSent' and \
                not e['params']['request']['url'].startswith('file://' +
                                                             page):
            bad.append('a request for ' + e['params']['request']['url'][:80])
        if m == 'Log.entryAdded' and e['params']['entry']['level'] == 'error':
            bad.append(e['params']['entry']['text'][:120])
    return bad


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    width = int(sys.argv[1])
    browser = Browser(width)
    browser.size(width, 900)
    status = 0
    for page in map(os.path.abspath, sys.argv[2:]):
        bad = []
        browser.media('screen')
        browser.open(page)
        bad += wrongs(browser, page)
        print('%s: %s' % (os.path.basename(page), '; '.join(bad) or 'fine'))
        status |= bool(bad)
    browser.close()
    sys.exit(status)


if __name__ == '__main__':
    main()
