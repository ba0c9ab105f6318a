# Nothing here reaches AWS: values that it would compute are made up.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
  mock_resource "aws_cloudfront_distribution" {
    defaults = { arn = "arn:aws:cloudfront::123456789012:distribution/E1", domain_name = "d1.cloudfront.net" }
  }
  mock_resource "aws_cloudfront_function" {
    defaults = { arn = "arn:aws:cloudfront::123456789012:function/onus-dev-pages" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::onus-dev-site", bucket_regional_domain_name = "onus-dev-site.s3.eu-central-1.amazonaws.com" }
  }
  mock_resource "aws_wafv2_web_acl" {
    defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/onus-dev/1" }
  }
  mock_resource "aws_acm_certificate" {
    defaults = {
      arn                       = "arn:aws:acm:us-east-1:123456789012:certificate/1"
      domain_validation_options = [{ domain_name = "a", resource_record_name = "b", resource_record_type = "CNAME", resource_record_value = "c" }]
    }
  }
}

variables {
  name     = "onus-dev"
  api_host = "abc.execute-api.eu-central-1.amazonaws.com"
}

run "the_buckets_are_private" {
  command = plan

  assert {
    condition = alltrue(flatten([for block in [aws_s3_bucket_public_access_block.site, aws_s3_bucket_public_access_block.logs] : [
      block.block_public_acls, block.block_public_policy, block.ignore_public_acls, block.restrict_public_buckets
    ]]))
    error_message = "No bucket is public."
  }
  assert {
    condition     = [for statement in jsondecode(aws_s3_bucket_policy.site.policy).Statement : statement if statement.Effect == "Allow"] == [{ Sid = "CloudFrontReads", Effect = "Allow", Principal = { Service = "cloudfront.amazonaws.com" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::onus-dev-site/*", Condition = { StringEquals = { "aws:SourceArn" = "arn:aws:cloudfront::123456789012:distribution/E1" } } }]
    error_message = "Only this distribution reads the site, object by object."
  }
  assert {
    condition     = alltrue([for policy in [aws_s3_bucket_policy.site, aws_s3_bucket_policy.logs] : anytrue([for statement in jsondecode(policy.policy).Statement : statement.Effect == "Deny" && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"])])
    error_message = "Nobody reads or writes without TLS."
  }
  assert {
    condition     = one(aws_s3_bucket_versioning.site.versioning_configuration).status == "Enabled" && alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.site.rule : one(rule.apply_server_side_encryption_by_default).sse_algorithm == "AES256"])
    error_message = "The site is versioned and encrypted."
  }
  assert {
    condition     = aws_s3_bucket_logging.site.target_bucket == aws_s3_bucket.logs.bucket && aws_cloudwatch_log_delivery_source.distribution.region == "us-east-1"
    error_message = "Requests are written down, in CloudFront's region."
  }
}

run "one_origin_for_browsers" {
  command = plan

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior : "${behaviour.path_pattern} ${behaviour.target_origin_id}"] == ["/api/* api", "/.well-known/* site"]
    error_message = "The API goes to the API, the public keys come from the bucket."
  }
  assert {
    condition     = length(aws_cloudfront_distribution.this.custom_error_response) == 0
    error_message = "No error of the API turns into a page."
  }
  assert {
    condition     = length(one(aws_cloudfront_distribution.this.default_cache_behavior).function_association) == 1 && alltrue([for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior : length(behaviour.function_association) == 0])
    error_message = "Pages are rewritten for the site only."
  }
  assert {
    condition     = alltrue([for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior : behaviour.cache_policy_id == data.aws_cloudfront_cache_policy.fresh.id])
    error_message = "Neither API nor keys are cached."
  }
  assert {
    condition     = one(aws_cloudfront_distribution.this.default_cache_behavior).viewer_protocol_policy == "redirect-to-https" && alltrue([for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior : behaviour.viewer_protocol_policy == "https-only"])
    error_message = "Nobody is answered over plain HTTP."
  }
  assert {
    condition     = [for origin in aws_cloudfront_distribution.this.origin : one(origin.custom_origin_config).origin_protocol_policy if origin.origin_id == "api"] == ["https-only"]
    error_message = "Nor is the API asked over it."
  }
  assert {
    condition     = !strcontains(one(one(aws_cloudfront_response_headers_policy.site.security_headers_config).content_security_policy).content_security_policy, "unsafe") && one(one(aws_cloudfront_response_headers_policy.site.security_headers_config).strict_transport_security).access_control_max_age_sec >= 31536000
    error_message = "Nothing inline runs, and browsers remember to use TLS."
  }
  assert {
    condition     = output.url == "https://d1.cloudfront.net" && length(aws_wafv2_web_acl.this) == 0 && length(aws_acm_certificate.site) == 0
    error_message = "Without a domain it is CloudFront's own name, and the firewall is off."
  }
}

run "with_a_domain_and_a_firewall" {
  command = plan

  variables {
    domain   = "onus.example.com"
    zone_id  = "Z1"
    firewall = true
  }
  assert {
    condition     = output.url == "https://onus.example.com" && aws_cloudfront_distribution.this.aliases == toset(["onus.example.com"])
    error_message = "People reach it by the domain."
  }
  assert {
    condition     = aws_acm_certificate.site[0].region == "us-east-1" && one(aws_cloudfront_distribution.this.viewer_certificate).minimum_protocol_version == "TLSv1.2_2021"
    error_message = "The certificate is where CloudFront looks for it, and TLS is recent."
  }
  assert {
    condition     = length(aws_route53_record.site) == 2
    error_message = "IPv4 and IPv6."
  }
  assert {
    condition     = aws_cloudfront_distribution.this.web_acl_id == aws_wafv2_web_acl.this[0].arn && aws_wafv2_web_acl.this[0].region == "us-east-1" && length(aws_wafv2_web_acl.this[0].rule) == 3
    error_message = "The firewall is in front."
  }
}

run "a_domain_needs_its_zone" {
  command = plan
  variables {
    domain = "onus.example.com"
  }
  expect_failures = [var.zone_id]
}
