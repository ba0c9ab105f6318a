output "deploy_role_arn" {
  description = "The role that the deploy, promote and rollback workflows take on."
  value       = aws_iam_role.deploy.arn
}

output "images_role_arn" {
  description = "The role that the images workflow takes on; null where nobody may push from GitHub."
  value       = one(aws_iam_role.images[*].arn)
}

output "oidc_provider_arn" {
  description = "The OIDC provider that both roles trust."
  value       = local.provider_arn
}
