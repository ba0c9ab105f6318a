output "url" {
  description = "The address to open: without a slash at the end."
  value       = "https://${local.tls ? var.domain : aws_cloudfront_distribution.this.domain_name}"
}

output "site_bucket" {
  description = "The bucket of the web app and of the public keys."
  value       = aws_s3_bucket.site.bucket
}

output "site_bucket_arn" {
  description = "Its ARN."
  value       = aws_s3_bucket.site.arn
}

output "distribution_id" {
  description = "The CloudFront distribution."
  value       = aws_cloudfront_distribution.this.id
}

output "distribution_arn" {
  description = "Its ARN."
  value       = aws_cloudfront_distribution.this.arn
}

output "distribution_domain" {
  description = "CloudFront's own name of it."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "log_bucket" {
  description = "The bucket with the requests."
  value       = aws_s3_bucket.logs.bucket
}
