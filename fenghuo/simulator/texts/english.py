"""English words and clauses of the simulator's own making; ``{n}`` takes a number, ``{p}`` a product."""

from __future__ import annotations

from fenghuo.simulator.texts.bank import Bank, words

PRODUCTS = {
    "airline": words(
        "morning flight|evening flight|transfer|seat|business cabin|meal on board|luggage desk|mileage account"
    ),
    "phone": words("new phone|foldable|tablet|watch|earbuds|charger|battery|system update|camera|repair desk"),
    "food": words(
        "late night order|lunch set|milk tea|noodle bowl|coupon|breakfast order|fruit box|grocery order|group order"
    ),
    "bank": words(
        "credit card|debit card|banking app|mortgage|savings plan|counter service|transfer|currency exchange|text alert"
    ),
    "shop": words(
        "air fryer|down jacket|robot vacuum|desk lamp|child seat|bedding set|rice cooker|running shoes|skincare set"
    ),
}

OPENINGS = words(
    "Honest review here|Long story short|Been a customer for years|First time writing one of these|"
    "Travelling for work|Not one to post but|Just so others know|Short note|"
    "Writing on behalf of my parents|Sharing what happened|My friend asked me to post|Right|"
    "Update from my side|For the record|Thinking of it today|Here we go|Late night post|My two cents"
)
WHENS = words(
    "yesterday afternoon|last Wednesday|this morning|over the weekend|a minute ago|in the first week|"
    "around noon|at midnight|last week|the day we moved|on my birthday|during rush hour|two weeks ago|"
    "before the holiday|after work|on a rainy Monday|right after payday"
)
PLACES = words(
    "at home|at the office|on the subway|with my kids|with a client|for my neighbour|in my home town|"
    "at the station|for my boss|with my roommate|on a business trip|at school|alone|from abroad|"
    "during lunch"
)
NEGATIVE = {
    "quality": words(
        "the {p} broke after {n} days|the {p} is terrible quality|the {p} arrived damaged|"
        "the {p} keeps crashing, useless|the {p} smells awful|the {p} looks fake and cheap|"
        "the {p} failed {n} times|the {p} is full of bugs|the {p} overheats badly|"
        "the {p} was dirty and disgusting"
    ),
    "attitude": words(
        "the agent was rude and hung up on me|staff ignored me for {n} minutes|"
        "support just lies about the {p}|they were arrogant and unhelpful|"
        "the manager insulted us over the {p}|nobody cares, called {n} times|the worst service, so impolite|"
        "they laughed at my complaint"
    ),
    "after-sale": words(
        "no refund for the {p} after {n} days|they refused to return the {p}|"
        "repaired {n} times and still broken|support ticket closed {n} times, problem ignored|"
        "the replacement {p} is broken too|warranty denied for no reason|"
        "my complaint about the {p} went nowhere|they never called back about the {p}"
    ),
    "price": words(
        "overcharged me {n} for the {p}|hidden fees on the {p}, a scam|the {p} is overpriced rubbish|"
        "they took {n} without asking|fake discount on the {p}|the coupon failed at checkout, misleading|"
        "price of the {p} dropped {n} the next day, ripped off"
    ),
    "logistics": words(
        "the {p} was {n} hours late|delayed {n} hours with no explanation|they lost my {p}|"
        "delivery is painfully slow, {n} minutes and nothing|the {p} went to the wrong address|"
        "marked delivered but the {p} never came|cancelled at the last minute, trip ruined|"
        "waited {n} hours in line"
    ),
    "policy": words(
        "the rules for the {p} changed overnight, unfair|my {p} was blocked without reason|"
        "appeal rejected {n} times|terms of the {p} are misleading|forced to buy the {p} as a bundle|"
        "they leaked my data, {n} spam calls|cancelling costs {n}, outrageous"
    ),
}
NEGATIVE_FEELINGS = words(
    "so disappointed|absolutely furious|never again|what a joke|I hate this|worst experience ever|"
    "this is unacceptable|totally frustrated|I regret choosing them|such a waste of money|I feel cheated|"
    "pathetic|shame on you|really upset|fed up|horrible"
)
NEGATIVE_ASKS = words(
    "give me my refund|please fix this now|avoid them|I want an apology|someone answer me|"
    "I will report this|stop ignoring us|anyone else having this problem?|do better|cancel my account|"
    "I need a manager|pay me back|keep away|explain this"
)
POSITIVE = words(
    "the {p} is great, well made|love the {p}, better than expected|"
    "support solved it in {n} minutes, excellent|good value, I recommend the {p}|"
    "friendly staff, thank you|the {p} came {n} minutes early, awesome|the {p} is smooth and reliable|"
    "refund was instant, impressed|the {p} is comfortable and clean|happy with the {p}|"
    "they found my {p}, amazing help|saved {n} on the {p}, nice|beautiful {p}|perfect {p}, works well"
)
POSITIVE_FEELINGS = words(
    "very happy|five stars|many thanks|the whole family loves it|made my day|superb|so pleased|wonderful|"
    "really helpful|keep it up|fantastic|delighted|trustworthy"
)
POSITIVE_ASKS = words(
    "highly recommended|will come again|kudos to the team|go for it|told all my colleagues|"
    "looking forward to the next one|thanks to the night shift|worth it|enjoy"
)
NEUTRAL = words(
    "what time does the {p} open|how do I apply for the {p}|which papers are needed for the {p}|"
    "where is the page for the {p}|the {p} was announced this morning|does the {p} come in other sizes|"
    "is {n} the number of the {p}|comparing the {p} with others|saw {n} posters of the {p}|"
    "how many days does the {p} usually take|can I change the address of the {p}|"
    "question {n} of the {p} survey|the {p} moves to gate {n}|is there a student version of the {p}"
)
NEUTRAL_NOTES = words(
    "asking for a colleague|just noting it|until the notice comes|anyone know?|will look tomorrow|"
    "link in the page|for my thesis|to be confirmed|see the website|screenshot below|same city only|"
    "checking in"
)
FILLERS = words(
    "Honestly, |Anyway, |Also, |Then |In fact, |By the way, |So |Turns out |Frankly, |As it happens, |Later |Meanwhile "
)

BANK = Bank(
    lang="en",
    glue=", ",
    gap=" ",
    stops=words(".|!|.|...|!!|;|."),
    products=PRODUCTS,
    openings=OPENINGS,
    whens=WHENS,
    places=PLACES,
    fillers=FILLERS,
    negative=NEGATIVE,
    negative_feelings=NEGATIVE_FEELINGS,
    negative_asks=NEGATIVE_ASKS,
    positive=POSITIVE,
    positive_feelings=POSITIVE_FEELINGS,
    positive_asks=POSITIVE_ASKS,
    neutral=NEUTRAL,
    neutral_notes=NEUTRAL_NOTES,
    mistakes=(
        ("the ", "teh "),
        ("ing", "in"),
        (", ", " "),
        ("you", "u"),
        ("really", "realy"),
        ("'", ""),
        ("and", "&"),
        ("ei", "ie"),
    ),
    tags=words("talk|help|service|daily|review|travel|life|ask|tips|news|shopping|work"),
)
