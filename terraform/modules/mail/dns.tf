# What other mail servers look up to believe that a mail is ours.

locals {
  # SES makes three names for its keys. Until the identity is there, nobody knows them.
  tokens = var.domain == "" ? [] : [
    for number in range(3) : try(aws_sesv2_email_identity.this[0].dkim_signing_attributes[0].tokens[number], "pending-${number}")
  ]

  dmarc = join("; ", concat(
    ["v=DMARC1", "p=quarantine", "adkim=s", "aspf=r"],
    var.report_address == "" ? [] : ["rua=mailto:${var.report_address}"],
  ))

  records = var.domain == "" ? [] : concat(
    [for token in local.tokens : {
      name   = "${token}._domainkey.${var.domain}"
      type   = "CNAME"
      values = ["${token}.dkim.amazonses.com"]
    }],
    [
      # SPF of the bounce domain is the one that counts. The domain's own TXT record stays free for whoever has it.
      { name = "bounce.${var.domain}", type = "MX", values = ["10 feedback-smtp.${var.region}.amazonses.com"] },
      { name = "bounce.${var.domain}", type = "TXT", values = ["v=spf1 include:amazonses.com -all"] },
      { name = "_dmarc.${var.domain}", type = "TXT", values = [local.dmarc] },
    ],
  )
}

# By number: the names of the keys are not known before SES made them.
resource "aws_route53_record" "this" {
  count = var.domain != "" && var.zone_id != "" ? 6 : 0

  zone_id = var.zone_id
  name    = local.records[count.index].name
  type    = local.records[count.index].type
  ttl     = 600
  records = local.records[count.index].values
}
