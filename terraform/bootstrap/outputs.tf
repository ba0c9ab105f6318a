output "bucket" {
  description = "The bucket of the state: `bucket` in the backend of every root."
  value       = aws_s3_bucket.state.bucket
}

output "bucket_arn" {
  description = "Its ARN."
  value       = aws_s3_bucket.state.arn
}

output "oidc_provider_arn" {
  description = "The account's OIDC provider of GitHub (delivery.oidc_provider_arn); null without a repository."
  value       = one(aws_iam_openid_connect_provider.github[*].arn)
}

output "plan_role_arn" {
  description = "The role that plans pull requests: it reads. Null without a repository."
  value       = one(aws_iam_role.plan[*].arn)
}

output "apply_role_arn" {
  description = "The role that applies Terraform after approval. Null without a repository."
  value       = one(aws_iam_role.apply[*].arn)
}
