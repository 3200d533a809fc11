/** The three notices as they come with Porch; the admin's own versions stand beside them, and these can always be restored. */

export const TEMPLATE_KINDS = ['isp', 'domain-owner', 'customer'] as const
export type TemplateKind = (typeof TEMPLATE_KINDS)[number]

const EVIDENCE = `What it said and what it heard (SMTP):
    {transcript}

What DNS answered at that time:
    {lookups}`

const SIGNATURE = `-- 
{shop}
Phone: {phone}
{url}
Help with DNS, by the hour: {rate}`

export const DEFAULT_TEMPLATES: Readonly<Record<TemplateKind, string>> = {
  isp: `Subject: Mail from {client} is refused: its DNS needs a correction

Hello,

a host in your network wants to deliver mail to us and is refused, because
its DNS is not in order:

    {event}

{problem}

The records that put it in order, as lines for the zone files:
    {remedies}

As soon as they are there, mail from this host is accepted; we check by
ourselves for 30 days, so no answer is needed.

To check at once: {help}

${EVIDENCE}

Sent by {hostname} because an administrator asked for it.
Answers reach that person.

${SIGNATURE}
`,
  'domain-owner': `Subject: Your mail from {client} is refused: DNS of {ehlo}

Hello,

your mail server wants to deliver mail to us and is refused, because its DNS
is not in order:

    {event}

{problem}

What puts it in order, as lines for the zone files. A PTR record is made by
whoever gave you the address (your provider or data centre), the others by
whoever runs the DNS of your domain:
    {remedies}

As soon as that is done, your mail is accepted; we check by ourselves for
30 days, so no answer is needed.

To check at once: {help}

${EVIDENCE}

Sent by {hostname} because an administrator asked for it.
Answers reach that person.

${SIGNATURE}
`,
  customer: `Subject: Why mail from {sender} did not reach you

Hello,

mail from {sender} to {recipient} was refused by our mail gate ({time}).

It is no fault of yours, and nothing is wrong with your mailbox. Every server
that brings us mail must have its DNS in order, because those that send spam
rarely have. This one has not:

    {problem}

{told}

We check every day and let its mail in as soon as it is repaired.

You may send your correspondent this, which says what has to be done:
    {remedies}
The same on a page of ours: {help}

If the mail cannot wait, call us.

${SIGNATURE}
`,
}
