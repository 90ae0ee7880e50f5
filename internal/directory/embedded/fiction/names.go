package fiction

// What the extras are called, from all over the world, and where they work.
const (
	givenNames = "Aaliyah|Aarav|Abdul|Abena|Ada|Adaeze|Adam|Agnieszka|Ahmed|Aiko|Aino|Aisha|Akira|Alejandra|Alexander|Alice|Amara|Amélie|Amina|Ana|" +
		"Anders|Andrea|Aneta|Anna|Antonio|Anwar|Arjun|Astrid|Ayşe|Beatriz|Benjamin|Björn|Camila|Carlos|Caroline|Cécile|Chen|Chiara|Chinedu|Chloé|" +
		"Christos|Claire|Daniel|Daria|David|Deepa|Diego|Dmitri|Dóra|Eduardo|Elena|Elif|Emeka|Emily|Emma|Enzo|Eva|Fatima|Felix|Fernando|Fiona|" +
		"Francesca|François|Frida|Gabriel|Giulia|Grace|Greta|Guilherme|Gustav|Hana|Hanna|Haruto|Hassan|Helena|Henrik|Hiroshi|Hugo|Ibrahim|Ifeoma|" +
		"Ingrid|Isabel|Ivan|Jakub|James|Jan|Jana|Jane|Jean|Jennifer|Jens|Jin|João|Johanna|John|Jonas|José|Julia|Jürgen|Kaito|Karim|Karin|Kateřina|" +
		"Kenji|Khalid|Kim|Klaus|Kofi|Krzysztof|Kwame|Lakshmi|Lars|Laura|Layla|Leila|Leo|Li|Liam|Lina|Linh|Lucas|Lucía|Łukasz|Magnus|Mai|Malik|" +
		"Marek|Maria|Mariam|Marta|Martin|Mateo|Matthias|Mei|Mia|Miguel|Mikael|Milan|Min|Mohammed|Monika|Mustafa|Nadia|Nam|Natalia|Ngozi|Nikhil|" +
		"Nikos|Nina|Noah|Noor|Nora|Ola|Olga|Oliver|Olivia|Omar|Oskar|Øyvind|Paolo|Patricia|Paul|Pedro|Peter|Petra|Pierre|Piotr|Priya|Quentin|Rafael|" +
		"Rahul|Raj|Rania|Ravi|Rebecca|Ricardo|Robert|Rosa|Ryan|Sakura|Samir|Samuel|Sandra|Sanjay|Sara|Sebastian|Sergei|Signe|Simon|Siobhán|Sofia|" +
		"Solveig|Sophie|Stefan|Sunita|Susan|Svetlana|Takashi|Tamar|Tariq|Teresa|Thandiwe|Thi|Thomas|Tiago|Tomáš|Tove|Tunde|Ursula|Valentina|Vera|" +
		"Victor|Viktória|Vincent|Wei|William|Xiu|Yara|Yasmin|Yuki|Yusuf|Zainab|Zanele|Zhen|Zofia|Zoltán"

	surnames = "Abdullah|Abe|Acheampong|Adeyemi|Ahmad|Ali|Almeida|Alvarez|Andersen|Andersson|Ansah|Araújo|Arslan|Asante|Bailey|Bakker|Banerjee|Barbosa|" +
		"Bauer|Becker|Bello|Berg|Bergström|Bianchi|Björk|Boateng|Brown|Bruno|Campbell|Cardoso|Carlsson|Castro|Černý|Chaudhary|Chen|Christensen|Clark|" +
		"Colombo|Conti|Costa|Cruz|Dahl|Das|Davies|de Boer|de Vries|Demir|Diallo|Diaz|Diop|Dlamini|Doe|Dubois|Durand|Dvořák|Eriksen|Eriksson|Esposito|" +
		"Fernandez|Ferrari|Ferreira|Fischer|Fofana|Fontaine|Fournier|Fraser|Fujita|García|Ghosh|Girard|Gomes|Gonzalez|Goto|Grabowski|Green|Greco|" +
		"Gupta|Gustafsson|Haddad|Hakimi|Hall|Hansen|Hassan|Hernandez|Hoffmann|Holm|Horváth|Huang|Hughes|Hussein|Ibrahim|Inoue|Ito|Ivanov|Jackson|" +
		"Jansen|Jensen|Jiménez|Johansen|Johansson|Jones|Joshi|Juhász|Kaminski|Kaplan|Kapoor|Karlsen|Kato|Kaur|Kaya|Keita|Khan|Kim|King|Kiss|Klein|" +
		"Koch|Kovács|Kowalski|Kozłowski|Krause|Kruger|Kumar|Kuznetsov|Lambert|Larsen|Larsson|Laurent|Lê|Lee|Lehmann|Leroy|Lewandowski|Lewis|Li|Lima|" +
		"Lin|Lindberg|Liu|Lopez|Lund|MacDonald|Mahlangu|Maier|Mancini|Marino|Marques|Martin|Martinez|Mazur|Mbeki|McCarthy|Mehta|Melo|Mendes|Mensah|" +
		"Meyer|Miller|Mishra|Mitchell|Mokoena|Molina|Moore|Morales|Moreau|Moretti|Mori|Müller|Murphy|Mwangi|Nagy|Nair|Nakamura|Naidoo|Németh|Ngô|Nguyễn|" +
		"Nielsen|Nilsen|Nkosi|Novák|Nowak|O'Brien|O'Neil|Ochieng|Odhiambo|Okafor|Okeke|Oliveira|Olsen|Olsson|Ortega|Osei|Otieno|Owusu|Öztürk|Papadopoulos|" +
		"Park|Parker|Patel|Pedersen|Pereira|Perez|Petersen|Petit|Petrov|Pham|Pillai|Popescu|Popov|Procházka|Quispe|Rahman|Ramirez|Ramos|Rao|Rasmussen|" +
		"Reddy|Ricci|Richter|Rivera|Roberts|Robinson|Rocha|Rodriguez|Romano|Rossi|Rousseau|Roy|Ruiz|Russo|Saito|Salem|Sanchez|Santos|Sasaki|Schmidt|" +
		"Schneider|Schröder|Sørensen|Shah|Sharma|Silva|Simon|Singh|Smirnov|Smith|Sokolov|Solberg|Soto|Sousa|Steyn|Strand|Suzuki|Svensson|Svoboda|Szabó|" +
		"Takahashi|Tan|Tanaka|Taylor|Teixeira|Thompson|Torres|Tóth|Traoré|Trần|Turner|Vargas|Vega|Verma|Visser|Vogel|Volkov|Wagner|Walker|Wang|Watanabe|" +
		"Weber|White|Wiśniewski|Wilson|Wong|Wright|Wu|Xu|Yamada|Yang|Yılmaz|Young|Yıldız|Zając|Zhang|Zhao|Zhou|Zhu|Ziegler|Zimmermann"

	departments = "Finance|Sales|Logistics|Engineering|Human Resources|Customer Care|Production|Research|Legal|Marketing|IT|Purchasing|Facilities"

	titles = "Accountant|Account manager|Adviser|Analyst|Assistant|Buyer|Chemist|Clerk|Coordinator|Designer|Developer|Dispatcher|Engineer|Inspector|Lead|" +
		"Manager|Operator|Planner|Recruiter|Researcher|Specialist|Technician|Trainee"

	offices = "Oslo|Hamburg|Nairobi|Shenzhen|São Paulo|Pune|Toronto|Kraków|Lyon|Osaka"
)
