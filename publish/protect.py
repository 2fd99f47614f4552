"""placeholder"""
from dataclasses import dataclass
@dataclass
class Rule:
    mode: str; hidden_up_to: int; rounded_to: int
    @classmethod
    def of(cls, council):
        return cls("default",7,5)
def protect(store, rule, published):
    return store.figures
