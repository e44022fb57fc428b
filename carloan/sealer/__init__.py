"""`python -m carloan.sealer`: the process that seals every lender's trail, as the database role `sealer`.

Started once a copy (two do no harm, one waits for the other). It alone is given the key that signs, and nothing of the
rows that it seals but their canonical bytes. Beside the sealing, threads show what was signed to those outside who
say what they saw; whoever of them is away keeps no event waiting.
"""
