"""The words of the small world, English beside Chinese."""

from __future__ import annotations

# English, Chinese, whether the verb takes an -s.
SUBJECTS = [
    ("I", "我", False), ("we", "我们", False), ("you", "你", False), ("they", "他们", False), ("he", "他", True),
    ("she", "她", True), ("Tom", "汤姆", True), ("Mary", "玛丽", True), ("Anna", "安娜", True), ("John", "约翰", True),
    ("Lily", "莉莉", True), ("Mr Wang", "王先生", True), ("Mrs Li", "李太太", True), ("my mother", "我妈妈", True),
    ("my father", "我爸爸", True), ("my friend", "我的朋友", True), ("her sister", "她姐姐", True),
    ("his brother", "他哥哥", True), ("the teacher", "老师", True), ("the doctor", "医生", True),
    ("the student", "学生", True), ("the children", "孩子们", False), ("our neighbour", "我们的邻居", True),
    ("the cat", "猫", True), ("the dog", "狗", True), ("the bird", "鸟", True),
]
# The form after a verb, where it is another.
OBJECT_FORMS = {"I": "me", "we": "us", "they": "them", "he": "him", "she": "her"}
POSSESSIVES = [
    ("my", "我的"), ("your", "你的"), ("his", "他的"), ("her", "她的"), ("our", "我们的"), ("their", "他们的"),
]

# Past and future of these are said, "is seeing" is not.
MOMENTS = {"find", "see", "bring", "lose"}

# Singular, plural, Chinese, measure word, kinds.
THINGS = [
    ("apple", "apples", "苹果", "个", "food"), ("egg", "eggs", "鸡蛋", "个", "food"),
    ("banana", "bananas", "香蕉", "根", "food"), ("cake", "cakes", "蛋糕", "个", "food"),
    ("orange", "oranges", "橙子", "个", "food"), ("tomato", "tomatoes", "西红柿", "个", "food"),
    ("book", "books", "书", "本", "text"), ("letter", "letters", "信", "封", "text"),
    ("newspaper", "newspapers", "报纸", "份", "text"), ("map", "maps", "地图", "张", "text"),
    ("cat", "cats", "猫", "只", "animal"), ("dog", "dogs", "狗", "只", "animal"), ("bird", "birds", "鸟", "只", "animal"),
    ("horse", "horses", "马", "匹", "animal"), ("cow", "cows", "牛", "头", "animal"),
    ("rabbit", "rabbits", "兔子", "只", "animal"), ("car", "cars", "汽车", "辆", "thing"),
    ("bicycle", "bicycles", "自行车", "辆", "thing"), ("flower", "flowers", "花", "朵", "thing"),
    ("shirt", "shirts", "衬衫", "件", "thing"), ("pen", "pens", "钢笔", "支", "thing"), ("chair", "chairs", "椅子", "把", "thing"),
    ("ticket", "tickets", "票", "张", "thing"), ("bag", "bags", "包", "个", "thing"), ("hat", "hats", "帽子", "顶", "thing"),
    ("photo", "photos", "照片", "张", "thing"), ("phone", "phones", "手机", "部", "thing"),
    ("umbrella", "umbrellas", "雨伞", "把", "thing"), ("watch", "watches", "手表", "块", "thing"),
    ("key", "keys", "钥匙", "把", "thing"), ("lamp", "lamps", "灯", "盏", "thing"), ("clock", "clocks", "钟", "个", "thing"),
]
CONTAINERS = [
    ("cup", "cups", "杯"), ("bottle", "bottles", "瓶"), ("bowl", "bowls", "碗"),
]
DRINKS = [("tea", "茶"), ("water", "水"), ("milk", "牛奶"), ("coffee", "咖啡"), ("juice", "果汁"), ("soup", "汤")]

# Plain, before a noun, after "is", and compared.
COLOURS = [
    ("red", "红色"), ("blue", "蓝色"), ("green", "绿色"), ("yellow", "黄色"), ("black", "黑色"), ("white", "白色"),
    ("brown", "棕色"), ("grey", "灰色"),
]
QUALITIES = [
    ("big", "bigger", "大", "大"), ("small", "smaller", "小", "小"), ("new", "newer", "新", "新"), ("old", "older", "旧", "旧"),
    ("cheap", "cheaper", "便宜的", "便宜"), ("heavy", "heavier", "重的", "重"), ("light", "lighter", "轻的", "轻"),
    ("clean", "cleaner", "干净的", "干净"), ("pretty", "prettier", "漂亮的", "漂亮"), ("long", "longer", "长的", "长"),
]
FEELINGS = [
    ("happy", "高兴"), ("tired", "累"), ("hungry", "饿"), ("angry", "生气"), ("sad", "难过"), ("busy", "忙"), ("thirsty", "渴"),
]

# Base, -s, past, -ing, Chinese, kinds of objects ("" for all).
VERBS = [
    ("buy", "buys", "bought", "buying", "买", ""), ("sell", "sells", "sold", "selling", "卖", ""),
    ("find", "finds", "found", "finding", "找到", ""), ("draw", "draws", "drew", "drawing", "画", ""),
    ("see", "sees", "saw", "seeing", "看见", ""), ("bring", "brings", "brought", "bringing", "带来", ""),
    ("wash", "washes", "washed", "washing", "洗", "thing food animal"), ("eat", "eats", "ate", "eating", "吃", "food"),
    ("read", "reads", "read", "reading", "读", "text"), ("lose", "loses", "lost", "losing", "丢", "thing text"),
    ("drink", "drinks", "drank", "drinking", "喝", "drink"), ("feed", "feeds", "fed", "feeding", "喂", "animal"),
]
DOINGS = [
    ("work", "works", "worked", "working", "工作"), ("sleep", "sleeps", "slept", "sleeping", "睡觉"),
    ("sing", "sings", "sang", "singing", "唱歌"), ("dance", "dances", "danced", "dancing", "跳舞"),
    ("swim", "swims", "swam", "swimming", "游泳"), ("run", "runs", "ran", "running", "跑步"),
    ("study", "studies", "studied", "studying", "学习"), ("wait", "waits", "waited", "waiting", "等"),
    ("rest", "rests", "rested", "resting", "休息"), ("cook", "cooks", "cooked", "cooking", "做饭"),
    ("play", "plays", "played", "playing", "玩"), ("talk", "talks", "talked", "talking", "聊天"),
    ("sit", "sits", "sat", "sitting", "坐"), ("cry", "cries", "cried", "crying", "哭"),
]

MODALS = [
    ("want to", "wants to", "想"), ("can", "can", "能"), ("must", "must", "必须"), ("like to", "likes to", "喜欢"),
]

# Preposition, place, Chinese.
PLACES = [
    ("at", "home", "家"), ("at", "school", "学校"), ("in", "the park", "公园"), ("at", "the station", "车站"),
    ("in", "the garden", "花园"), ("in", "the library", "图书馆"), ("in", "the kitchen", "厨房"), ("at", "the market", "市场"),
    ("in", "Beijing", "北京"), ("in", "London", "伦敦"), ("in", "Shanghai", "上海"), ("in", "Paris", "巴黎"),
    ("at", "the hospital", "医院"), ("in", "the office", "办公室"), ("at", "the hotel", "酒店"), ("on", "the beach", "海滩"),
]
GOALS = [
    ("to school", "学校"), ("to the park", "公园"), ("to the station", "车站"), ("to the library", "图书馆"), ("to Beijing", "北京"),
    ("to the market", "市场"), ("to London", "伦敦"), ("to Shanghai", "上海"), ("to the hospital", "医院"),
    ("to the office", "办公室"), ("to Paris", "巴黎"), ("to the beach", "海滩"),
]
CITIES = [("Beijing", "北京"), ("London", "伦敦"), ("Shanghai", "上海"), ("Paris", "巴黎"), ("New York", "纽约"), ("Tokyo", "东京")]
VEHICLES = [("by bus", "坐公共汽车"), ("by train", "坐火车"), ("by car", "开车"), ("by bicycle", "骑自行车"), ("by plane", "坐飞机")]
SIDES = [
    ("on", "上"), ("under", "下面"), ("behind", "后面"), ("in front of", "前面"), ("next to", "旁边"),
]
LANDMARKS = [
    ("the table", "桌子"), ("the bed", "床"), ("the box", "盒子"), ("the door", "门"), ("the window", "窗户"), ("the tree", "树"),
    ("the house", "房子"), ("the sofa", "沙发"), ("the wall", "墙"), ("the mat", "垫子"),
]

PAST = [
    ("yesterday", "昨天"), ("last week", "上周"), ("last night", "昨晚"), ("last month", "上个月"), ("last year", "去年"),
    ("this morning", "今天早上"), ("the day before yesterday", "前天"),
]
FUTURE = [
    ("tomorrow", "明天"), ("next week", "下周"), ("tonight", "今晚"), ("next month", "下个月"), ("next year", "明年"),
    ("the day after tomorrow", "后天"),
]
HABIT = [("every day", "每天"), ("every week", "每周"), ("every morning", "每天早上"), ("every evening", "每天晚上")]
SPANS = [("day", "days", "天"), ("week", "weeks", "个星期"), ("month", "months", "个月"), ("year", "years", "年"), ("hour", "hours", "个小时")]
WEATHER = [("cold", "冷"), ("hot", "热"), ("warm", "暖和"), ("cool", "凉快"), ("humid", "潮湿")]

# Said as they are, never held out: there is nothing in them to put together.
FIXED = [
    ("Hello!", "你好！"), ("Good morning!", "早上好！"), ("Good evening!", "晚上好！"), ("Good night!", "晚安！"),
    ("Thank you!", "谢谢！"), ("You are welcome.", "不客气。"), ("Goodbye!", "再见！"), ("How are you?", "你好吗？"),
    ("I am sorry.", "对不起。"), ("Nice to meet you.", "很高兴认识你。"), ("What is your name?", "你叫什么名字？"),
    ("What time is it?", "现在几点？"), ("I do not know.", "我不知道。"), ("See you tomorrow!", "明天见！"),
    ("Happy birthday!", "生日快乐！"), ("I love you.", "我爱你。"), ("Please come in.", "请进。"), ("I do not understand.", "我不明白。"),
]
