# This file is maintained automatically by "terraform init".

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.90.1"
  constraints = "~> 5.90"
  hashes = [
    "h1:2v8mL4Q0bq2a2bq8a0dW1jzX6r0xkq3g2c1yq6m3m4s=",
  ]
}
