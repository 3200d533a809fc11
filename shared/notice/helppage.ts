/**
 * The public help page's documents (POLICY, PRODUCT 3), for a postmaster whose mail was refused: values in, HTML out. They work
 * without script, on paper and read aloud. No recipient, no sender's address and no remark of the admin's is ever in them.
 */
import { isTemporary, questionText } from '../dns/answer.ts'
import type { Answer, AnswerStatus } from '../dns/answer.ts'
import type { Finding } from '../events.ts'
import type { RuleSet } from '../gate/verdict.ts'
import { html, Html } from './html.ts'
import { remedyLines } from './remedy.ts'
import type { Remedy } from './remedy.ts'

/** Whom to turn to; what the settings do not say is left out. */
export interface HelpShop {
  readonly name: string | null
  readonly phone: string | null
  readonly rate: string | null
  readonly url: string | null
  /** The gate's own name. */
  readonly hostname: string
  readonly rules: RuleSet
}

/** What a check of a moment ago found. `released`: what was undone for the sender because it passes now. */
export interface HelpRecheck {
  readonly when: string
  readonly passes: boolean
  readonly temporary: boolean
  readonly sentence: string
  readonly answers: readonly Answer[]
  readonly remedies: readonly Remedy[]
  readonly released: readonly string[]
}

export interface RefusalView {
  readonly id: string
  readonly client: string
  readonly ehlo: string | null
  /** In words, with the zone. */
  readonly when: string
  readonly kind: 'refused' | 'deferred'
  readonly sentence: string
  readonly findings: readonly Finding[]
  /** The reply of the gate; null if it was another's. */
  readonly reply: string | null
  readonly answers: readonly Answer[]
  readonly remedies: readonly Remedy[]
  readonly ban: BanNote | null
  readonly recheck: HelpRecheck | null
  /** Seconds until it may be checked again; 0: now. */
  readonly waitSeconds: number
}

export interface BanNote {
  readonly scope: string
  readonly until: string | null
  readonly automatic: boolean
}

export interface BanView extends BanNote {
  /** Since when, in words. */
  readonly since: string
  /** Why, for an automatic one. */
  readonly reason: string | null
  /** The last refusal of a client in it that has a page; null if there is none. */
  readonly refusal: string | null
}

/** `up`: how the document's links lead to the page's root ("" or "../"). */
function frame(title: string, up: string, shop: HelpShop, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<link rel="stylesheet" href="${up}style.css">
</head>
<body>
<main>
${body}
</main>
${contact(shop, up)}
</body>
</html>
`.text
}

function contact(shop: HelpShop, up: string): Html {
  const name = shop.name ?? shop.hostname
  return html`<footer>
<h2>Questions?</h2>
<address>
<p><strong>${name}</strong> (mail server ${shop.hostname})</p>
${shop.phone === null ? null : html`<p>Telephone: <a href="tel:${shop.phone.replace(/[^\d+]/g, '')}">${shop.phone}</a></p>`}
${shop.rate === null ? null : html`<p>We also set up DNS for you: ${shop.rate}.</p>`}
${shop.url === null ? null : html`<p><a href="${shop.url}" rel="noreferrer">${shop.url}</a></p>`}
</address>
<p><a href="${up === '' ? './' : up}">What this server expects of a sending host</a></p>
</footer>`
}

const ASKED: Readonly<Record<RuleSet, readonly Html[]>> = {
  lenient: [html`<li>The address it connects from has a reverse name (a <abbr title="pointer record: leads from an address to a name">PTR</abbr> record).</li>`],
  standard: [
    html`<li>The address it connects from has a reverse name (a <abbr title="pointer record: leads from an address to a name">PTR</abbr> record), and that name leads back to the address (an A or AAAA record).</li>`,
    html`<li>The name it gives in EHLO is fully qualified, such as <code>mail.example.com</code>, and is its own: neither a bare word, nor another host’s address, nor a name of ours.</li>`,
  ],
  house: [
    html`<li>The address it connects from has a reverse name (a <abbr title="pointer record: leads from an address to a name">PTR</abbr> record), and that name leads back to the address (an A or AAAA record).</li>`,
    html`<li>The name it gives in EHLO is the full name of a host, such as <code>mail.example.com</code>. The bare domain <code>example.com</code> is not enough, since it is easily claimed.</li>`,
    html`<li>That name leads to the address: by an A or AAAA record of its own, or by its <abbr title="mail exchanger: the hosts that receive a domain’s mail">MX</abbr> hosts. Behind a NAT firewall it is the public address that counts.</li>`,
  ],
}

/** The front page. `words`: the shop's own introduction, plain text; null: ours. */
export function policyPage(shop: HelpShop, words: string | null): string {
  const name = shop.name ?? shop.hostname
  const introduction = words === null
    ? html`<p>${name} accepts mail from hosts whose <abbr title="Domain Name System">DNS</abbr> is in order. Most spam comes from hosts without, and DNS tells everyone, us and your own provider, whose host it is. A mail server that is set up like this is also refused less often elsewhere.</p>`
    : html`${words.split(/\n\s*\n/).filter((text) => text.trim() !== '').map((text) => html`<p>${text.trim()}</p>`)}`
  return frame(`Sending mail to ${name}`, '', shop, html`<h1>Sending mail to ${name}</h1>
${introduction}
<h2>What we expect of a sending host</h2>
<ol>
${ASKED[shop.rules]}
</ol>
<h2>If your mail was refused</h2>
<p>The reply in the bounce has a link that ends in <code>/r/</code> and an id. Its page shows what we asked DNS, what was answered, and the exact records to create. When they are there, press <em>Check again</em> on that page: your host is let in at once.</p>
<p>The PTR record is made by the owner of the address (your <abbr title="Internet service provider">ISP</abbr> or data centre), the A or AAAA record by whoever runs the domain’s DNS. They are often not the same.</p>
<p>If our servers cannot get an answer from DNS, we ask you to try again later; nobody is refused for that.</p>`)
}

const STATUS: Readonly<Record<AnswerStatus, string>> = {
  found: 'found', nodata: 'no such record', nxdomain: 'does not exist', servfail: 'server failed (SERVFAIL)', refused: 'refused by the resolver', timeout: 'no answer in time', malformed: 'unusable answer',
}

export function refusalPage(shop: HelpShop, view: RefusalView): string {
  const { recheck } = view
  const title = view.kind === 'refused' ? `Mail from ${view.client} was refused` : `Mail from ${view.client} was put off`
  return frame(title, '../', shop, html`<h1>${title}</h1>
${recheck === null ? null : outcome(recheck)}
<p class="lead">${view.sentence}</p>
<dl>
<dt>When</dt><dd>${view.when}</dd>
<dt>Sending address</dt><dd><code>${view.client}</code></dd>
<dt>Name it gave (EHLO)</dt><dd>${view.ehlo === null ? 'none' : html`<code>${view.ehlo}</code>`}</dd>
${view.reply === null ? null : html`<dt>Our reply</dt><dd><code>${view.reply}</code></dd>`}
</dl>
${recheck?.passes === true ? null : repair(view)}
${view.ban === null ? null : banned(view.ban)}
${checkForm(view)}
${lookups(view)}`)
}

function outcome(recheck: HelpRecheck): Html {
  const title = recheck.passes ? 'Your DNS is in order now' : recheck.temporary ? 'DNS did not answer just now' : 'Not in order yet'
  return html`<section class="outcome ${recheck.passes ? 'good' : 'open'}" role="status">
<h2>${title}</h2>
<p>${recheck.sentence}</p>
${recheck.passes ? html`<p>${['The host is let in from its next try on.', ...recheck.released].join(' ')}</p>` : null}
<p class="dim">Checked ${recheck.when}.</p>
</section>`
}

function repair(view: RefusalView): Html {
  const remedies = view.recheck?.remedies ?? view.remedies
  if (view.kind === 'deferred' && remedies.length === 0) {
    return html`<h2>What to do</h2>
<p>Nothing yet: DNS gave no certain answer, so nobody was refused for it. Your server tries again by itself. If this lasts, look at the name servers of the zone named above.</p>`
  }
  if (remedies.length === 0) return html`<h2>What to do</h2><p>Please call us: we have no simple advice for this one.</p>`
  return html`<h2>What to create</h2>
${remedies.length > 1 ? html`<p>Any <strong>one</strong> of these is enough, but all the lines of it are needed.</p>` : null}
${remedies.map((remedy, at) => html`<section class="remedy">
<h3>${remedies.length > 1 ? `${at + 1}. ` : ''}${remedy.title}</h3>
<pre tabindex="0">${remedyLines(remedy).join('\n')}</pre>
</section>`)}
<p class="dim">The PTR record is made by the owner of the address (ISP or data centre), not by the registrar of the domain.</p>`
}

function banned({ scope, until, automatic }: BanNote): Html {
  const length = until === null ? 'for good' : `until ${until}`
  return html`<p class="ban">${scope} is banned here ${length}, ${automatic ? 'because it was refused too often. A check that passes lifts the ban.' : 'by the administrator. Please call us about it.'}</p>`
}

function checkForm({ id, waitSeconds, kind }: RefusalView): Html {
  return html`<form method="post" action="${id}/check">
<h2>Check again</h2>
<p>${kind === 'refused' ? 'When the records are there, let us look again. If all is in order the host is let in at once; nothing needs to be sent to us.' : 'We can look again now.'}</p>
<button type="submit">Check again</button>
${waitSeconds === 0 ? null : html`<span class="dim">possible again in ${waitSeconds} s</span>`}
</form>`
}

function lookups({ answers, recheck, when }: RefusalView): Html {
  if (answers.length === 0 && recheck === null) return html`<h2>What we asked DNS</h2><p>Nothing: the name given is no host name that could be asked for.</p>`
  const now = new Map((recheck?.answers ?? []).map((answer) => [questionText(answer.question), answer]))
  const then = new Map(answers.map((answer) => [questionText(answer.question), answer]))
  const questions = [...new Set([...then.keys(), ...now.keys()])]
  return html`<h2>What we asked DNS, and what was answered</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Lookups">
<table>
<thead><tr><th scope="col">Asked</th><th scope="col">Answered at the time</th>${recheck === null ? null : html`<th scope="col">Answered now</th>`}</tr></thead>
<tbody>
${questions.map((question) => html`<tr><th scope="row"><code>${question}</code></th><td>${answerCell(then.get(question))}</td>${recheck === null ? null : html`<td>${changedMark(then.get(question), now.get(question))}${answerCell(now.get(question))}</td>`}</tr>
`)}</tbody>
</table>
</div>
<p class="dim">At the time: ${when}.</p>`
}

function answerCell(answer: Answer | undefined): Html {
  if (answer === undefined) return html`<span class="dim">not asked</span>`
  const via = answer.chain.length === 0 ? null : html`<br><span class="dim">by way of ${answer.chain.join(', ')}</span>`
  if (answer.status !== 'found') return html`${STATUS[answer.status]}${isTemporary(answer.status) ? ' (never held against you)' : ''}${via}`
  return html`${answer.records.slice(0, 20).map((record, at) => html`${at === 0 ? '' : new Html('<br>')}<code>${record}</code>`)}${answer.records.length > 20 ? html`<br>and ${answer.records.length - 20} more` : null}${via}`
}

function changedMark(then: Answer | undefined, now: Answer | undefined): Html | null {
  const facts = (answer: Answer | undefined) => (answer === undefined ? null : JSON.stringify([answer.status, [...answer.records].sort(), answer.chain]))
  return then !== undefined && now !== undefined && facts(then) !== facts(now) ? html`<strong class="changed">changed</strong> ` : null
}

/** The page to which the reply to a banned client leads. */
export function banPage(shop: HelpShop, view: BanView): string {
  const title = `${view.scope} is banned here`
  return frame(title, '../../', shop, html`<h1>${title}</h1>
<p class="lead">Since ${view.since}, ${view.until === null ? 'for good' : `until ${view.until}`}. Until then no mail from there is taken.</p>
${view.automatic
    ? html`<p>It was banned by itself${view.reason === null ? '' : `, after ${view.reason}`}: a host that is refused again and again costs us and you. Repair its DNS, check it again, and the ban is lifted at once.</p>`
    : html`<p>It was banned by the administrator. Please call us about it.</p>`}
${view.refusal === null
    ? html`<p>What this server expects of a sending host, and how to get there, is on <a href="../../">our front page</a>.</p>`
    : html`<p><a class="button" href="../../r/${view.refusal}">What was refused, what to create, and Check again</a></p>`}`)
}

export function plainHelpPage(shop: HelpShop, up: string, title: string, text: string): string {
  return frame(title, up, shop, html`<h1>${title}</h1>
<p class="lead">${text}</p>`)
}

export const HELP_STYLE = `:root{color-scheme:light dark;--ground:#fff;--text:#1b1d21;--dim:#5b6068;--line:#d9d9d4;--soft:#f4f4f1;--accent:#2750bd;--good:#e7f4ea;--open:#fdf3e3}
@media (prefers-color-scheme:dark){:root{--ground:#121316;--text:#e5e7ea;--dim:#a4aab3;--line:#34373d;--soft:#1c1e22;--accent:#93b4f8;--good:#15301c;--open:#352a14}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:17px/1.55 system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif}
main,footer{max-width:46rem;margin:0 auto;padding:0 1.25rem;overflow-wrap:anywhere}
main{padding-top:2.5rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 1rem}
h2{font-size:1.2rem;margin:2.2rem 0 .6rem}
h3{font-size:1rem;margin:1rem 0 .4rem}
.lead{font-size:1.1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:1.4rem 0}
dt{color:var(--dim)}dd{margin:0}
code,pre{font:.92em/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;overflow-x:auto;margin:.4rem 0;overflow-wrap:normal}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .8rem .45rem 0;border-bottom:1px solid var(--line);font-weight:400}
thead th{color:var(--dim)}
.dim{color:var(--dim);font-size:.95rem}
.outcome{border:1px solid var(--line);border-radius:8px;padding:.2rem 1.2rem .6rem;margin:0 0 1.5rem}
.outcome h2{margin-top:.8rem}
.good{background:var(--good)}.open,.ban{background:var(--open)}
.ban{border:1px solid var(--line);border-radius:8px;padding:.8rem 1.2rem}
a{color:var(--accent)}
button,.button{font:inherit;display:inline-block;color:var(--ground);background:var(--accent);border:0;border-radius:6px;padding:.55rem 1.2rem;cursor:pointer;text-decoration:none}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
footer{margin-top:3rem;padding-bottom:3rem;border-top:1px solid var(--line)}
address{font-style:normal}address p{margin:.2rem 0}
@media (max-width:34rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
@media print{body{font-size:11pt;color:#000;background:#fff}form{display:none}pre,.outcome,.ban{background:none;border-color:#888}a{color:inherit}.scroll,pre{overflow:visible;white-space:pre-wrap}}
`
